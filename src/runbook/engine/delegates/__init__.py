"""Work that is handed to a command: its attempts, the gate, the judgement."""
