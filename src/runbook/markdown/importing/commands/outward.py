"""Programs that reach out of the repository, and what of them only looks."""

from __future__ import annotations

import re

from runbook.core.shell.script import parse
from runbook.core.shell.walking import Placed
from runbook.core.shell.writing import writes
from runbook.markdown.importing.words.vocabulary import spelled

# Whatever they are told, they send, publish, ask for a login, load other machines or show a window.
_ALWAYS = frozenset(
    {"ab", "act", "airflow", "ansible", "ansible-playbook", "apachectl", "argocd", "artillery",
     "at", "batch", "bq", "brave", "brave-browser", "buildah", "cap", "capistrano", "caprover",
     "certbot", "chef", "chrome", "chromium", "chromium-browser", "cloudflared", "codecov",
     "cosign", "coveralls", "crane", "crontab", "dagster", "datadog-ci", "direnv", "dokku", "eas",
     "explorer", "fastlane", "firefox", "ftp", "google-chrome", "google-chrome-stable",
     "goreleaser", "growlnotify", "halt", "heroku", "hey", "hostnamectl", "hub", "ibmcloud",
     "ifconfig", "istioctl", "k6", "kafka-topics", "killall", "ko", "launchctl", "letsencrypt",
     "lftp", "lighthouse", "linode-cli", "locust", "mail", "mailx", "msedge", "mutt", "nc", "ncat",
     "netcat", "newrelic", "ngrok", "nomad", "notify-send", "nuget", "ovsx", "p4", "packer",
     "pbcopy", "pbpaste", "pkill", "poweroff", "prefect", "puppet", "rabbitmqctl", "railway",
     "reboot", "rsync", "s3cmd", "safari", "salt", "salt-call", "say", "scp", "semantic-release",
     "sendmail", "sentry-cli", "service", "sftp", "shutdown", "siege", "skaffold", "skill",
     "skopeo", "slack", "snyk", "sonar-scanner", "spd-say", "ssh", "start", "surge", "systemctl",
     "telnet", "tilt", "timedatectl", "twilio", "twine", "vegeta", "vsce", "wl-copy", "wrk",
     "xclip", "xsel"}
)  # fmt: skip
_ITEMS = r"(?:list|ls|describe|get|show|status|version|info|inspect|help|view|search|whoami)"
_CLOUD = rf"(?:\S+\s+)*?(?:{_ITEMS}(?=\s|$)|(?:list|describe|get|show|head|filter|lookup)-)"
# What only looks of the programs that also do other things, by what follows their name.
_LOOKS = {
    "gh": r"(?:pr|issue|release|repo|run|workflow|label|gist|cache|project|variable|secret|"
          r"ruleset|codespace|org|extension|alias|config)\s+(?:view|list|ls|status|checks|diff|"
          r"get|check|item-list|field-list)\b(?!.*\s(?:--watch|--web|-w)(?=\s|$))|"
          r"auth\s+(?:status|token)\b|(?:search|status|version|help)\b|api\b(?!.*\s(?:-[fF]|"
          r"--(?:raw-)?field|--input)\b)(?!.*\s(?:-X|--method)[\s=]*(?:POST|PUT|PATCH|"
          r"DELETE)\b)(?!\s+graphql\b.*\bmutation\b)",
    "glab": r"(?:mr|issue|release|repo|ci|pipeline|label|variable)\s+(?:view|list|ls|status|diff|"
            r"get|lint)\b|auth\s+status|version",
    "kubectl": r"version\b|config\s+(?:view|get-\S+|current-context)|(?:apply|create|delete|"
               r"replace)\s.*--dry-run=client\b|kustomize\b|explain\b",
    "oc": r"version\b", "k9s": r"version\b",
    "helm": r"(?:lint|template|version|show|list|ls|status|get|history|env|verify)\b|"
            r"dep\w*\s+list|repo\s+list",
    "kustomize": r"(?:build|version)\b",
    "terraform": r"(?:validate|fmt|version|show|output|providers|graph|console|-\S+|"
                 r"state\s+(?:list|show)|workspace\s+(?:list|show))(?=\s|$)",
    "pulumi": r"(?:version|about|whoami|stack\s+(?:ls|output)|config\s+get)\b",
    "cdk": r"(?:synth|synthesize|ls|list|doctor|docs|version|notices|context|-\S+)(?=\s|$)",
    "sam": r"(?:validate|build|-\S+)(?=\s|$)",
    "serverless": r"(?:package|print|info|-\S+)(?=\s|$)",
    "aws": _CLOUD + r"|(?:\S+\s+)*?(?:s3\s+ls|wait)\b|cloudformation\s+validate-template|"
    r"configure\s+list",
    "gcloud": _CLOUD, "gsutil": r"(?:ls|cat|du|stat|version|hash)\b", "az": _CLOUD, "doctl": _CLOUD,
    "oci": _CLOUD, "hcloud": _CLOUD, "aliyun": _CLOUD, "scw": _CLOUD, "ibmcloud": _CLOUD,
    "fly": r"(?:version|status|logs|config\s+(?:show|validate)|apps\s+list)\b",
    "vercel": r"(?:build|dev|ls|list|inspect|whoami|--version)(?=\s|$)",
    "netlify": r"(?:build|dev|serve|status|--version)(?=\s|$)",
    "wrangler": r"(?:pages\s+)?(?:dev|types|whoami|--version)(?=\s|$)|deploy\b.*--dry-run|(?:d1|"
                r"kv\S*|r2|queues)\b.*--local|(?:pages\s+)?functions\s+build",
    "firebase": r"(?:emulators:\S+|--version|projects:list|serve)(?=\s|$)",
    "supabase": r"(?:status|gen\s+types|db\s+(?:diff|dump|lint)|migration\s+(?:list|new)|"
                r"test\s+db|functions\s+(?:list|new|serve)|--version)(?=\s|$)",
    "convex": r"(?:codegen|dev|--version)(?=\s|$)", "sst": r"(?:dev|version|diff)(?=\s|$)",
    "vault": r"(?:status|version|kv\s+(?:get|list)|read|list)\b",
    "consul": r"(?:kv\s+get|members|version)\b",
    "etcdctl": r"(?:get|version|endpoint)\b",
    "dbt": r"(?:parse|compile|ls|list|debug|docs\s+generate|deps|test|--version)(?=\s|$)",
    "flyctl": r"(?:version|status|logs|config\s+(?:show|validate))\b",
    "nix": r"(?:build|flake\s+(?:check|show|metadata)|eval|fmt|run|(?:develop|shell)\s.*(?:-c|"
           r"--command)|store\s+ls|--version)(?=\s|$)",
    "nix-shell": r".*--(?:run|command)(?=\s|$)",
    "lerna": r"(?:run|ls|list|exec|changed|diff|bootstrap)(?=\s|$)",
    "changeset": r"(?:status|add\s+--empty)(?=\s|$)",
    "hg": r"(?:status|log|diff|cat|branches|heads|id|root)\b",
    "svn": r"(?:status|st|log|diff|info|ls)\b",
    "trivy": r"(?:fs|filesystem|config|version)\b",
    "gem": r"(?:list|build|search|info|which|contents|env\w*|--version)(?=\s|$)",
}  # fmt: skip
_ALSO = {
    "tofu": "terraform", "sls": "serverless", "nerdctl": "docker", "podman": "docker",
    "docker-compose": "docker", "podman-compose": "docker",
}  # fmt: skip
_OPTIONS = r"((-f|--file|-p|--project-name|--profile|--env-file|-H|--context)[\s=]\S+ |-\S+ )*"
_CONTAINERS_LOOK = spelled(
    rf"{_OPTIONS}(compose {_OPTIONS})?((container|image|volume|network|context|system|node|buildx|"
    r"builder|manifest|plugin) )?(ps|images|version|info|inspect|logs|config|ls|list|top|port|"
    r"history|stats|diff|df|show|exec|--version|-v)(?=\s|$)"
)
# A part of their commands sends or publishes.
_SENDS = spelled(
    r"(npm|pnpm|yarn|bun|cargo|uv|poetry|flit|hatch|pdm|rye|deno|dart|flutter pub|dart pub) "
    r"(\S+ )*?(publish|login|logout|adduser|yank|owner)\b|yarn npm \S|npm (dist-tag|unpublish|"
    r"deprecate|link|access|team|token|profile|star\b|cache (?!ls|verify))|(uv|poetry|pip3?|yarn|"
    r"bun|pnpm|go|composer) (pm )?(cache|store|clean) (clean|purge|prune|rm|clear|remove|"
    r"-\w*(mod)?cache)\b|go clean -\w*cache|poetry self\s|(mvn|mvnw) (\S+ )*(deploy|release:\S+|"
    r"install)\b|(gradle|gradlew) (\S+ )*\S*([pP]ublish\w*|install(?!Dist)\w*|uploadArchives)\b|"
    r"sbt (\S+ )*\S*(publish|release)\w*|dotnet (nuget (push|delete)|tool (install|update)\s.*(-g|"
    r"--global))\b|pod trunk\b|gem push|(python[\d.]* -m )twine upload|prisma db pull\b|(pnpm|"
    r"bun) (\S+ )*(-g|--global)(?=\s|$)|stripe (listen|trigger|login|\w+ (create|update|delete))|"
    r"git-secrets --install|flutter pub publish|(vercel|netlify)$|(cordova|ionic|ng) (run|"
    r"deploy)\b|cargo (login|yank|owner)\b|(make|just|task) (\S+ )*(up|down|start|stop|restart|"
    r"login|destroy|teardown|provision|bootstrap|(docker|compose|k8s|helm|tf|terraform|image|"
    r"container)[-_:](?!lint|check|test|ps|logs)\w[\w-]*)(?=\s|$)|(pipx|uv tool) (inject|"
    r"upgrade\S*|reinstall\S*|ensurepath|update-shell)\b"
)
_MUTATES = spelled(
    r"curl(?!.*\s(-G|--get)(?=\s|$))\s(?=.*((-X\s*|--request[ =])[\"']?(POST|PUT|PATCH|DELETE)\b|"
    r"(.*\s)?(-\w*[dFT]|--data\S*|--json|--form\S*|--upload-file)([\s=]|(?<=-d)\S)))|"
    r"wget\s.*--(post-|method[= ](?!GET|HEAD)|body-)|(https?|xhs?|curlie) (\S+ )*?((?i:post|put|"
    r"patch|delete)\s|(?!-)[\w-]+(:?=@?|@))"
)


def reaches_out(placed: Placed) -> bool:
    """Whether a command reaches out of the repository, and does more there than to look."""
    name, rest = placed.name, str(placed).partition(" ")[2]
    text = f"{name} {rest}"
    if name in ("google-chrome", "chromium", "chrome") and "--version" in placed.arguments:
        return False
    table = _ALSO.get(name, name)
    if table == "docker":
        return not _CONTAINERS_LOOK.match(rest) or _changes_inside(rest)
    if table in _LOOKS:
        return not re.match(_LOOKS[table], rest)
    sends = name in _ALWAYS or bool(re.match(r"kafka-[\w-]+\.sh$", name))
    return bool(sends or _SENDS.match(text) or _MUTATES.match(text))


def _changes_inside(arguments: str) -> bool:
    """Whether `docker exec` has a command change files in its container."""
    words = arguments.split(" ")
    if "exec" not in words:
        return False
    begins = range(words.index("exec") + 1, len(words))
    inner = (parse(" ".join(words[at:])).commands[:1] for at in begins)
    return any(writes(each) is not None for commands in inner for each in commands)
