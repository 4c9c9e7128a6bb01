"""The pages as a site: `docs/site` builds and shows it."""

project = "runbook"
extensions = ["myst_parser"]
html_theme = "furo"
html_title = "runbook"
html_show_sourcelink = False
html_static_path = ["accessible.js"]
html_js_files = ["accessible.js"]
myst_heading_anchors = 4
# Files of the repository beside these pages are no pages of the site, but they are there.
suppress_warnings = ["myst.xref_missing", "misc.highlighting_failure"]
exclude_patterns = ["_site"]
