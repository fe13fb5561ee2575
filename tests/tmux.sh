# tmux.sh - for test scripts: the program in a real terminal. tmux is the terminal,
# capture-pane the eye. Sets $dir, which goes at the end.
dir=$(mktemp -d) || exit 99
socket=enitop-test-$$
tm() { tmux -L "$socket" -f /dev/null "$@"; }
trap 'tm kill-server 2>/dev/null; rm -rf "$dir"' EXIT
export ENITOP GENLOG dir

# Waits up to ten seconds (more under a sanitizer) until the screen has a text.
sees() {
	for i in $(seq 150); do
		tm capture-pane -p -t t >"$dir/screen" 2>/dev/null
		grep -q -- "$1" "$dir/screen" && return 0
		sleep 0.1
	done
	echo "# waited for '$1', the screen:" >&2
	sed 's/^/# /' "$dir/screen" >&2
	return 1
}
gone() { ! grep -q -- "$1" "$dir/screen"; }
start() { # start WIDTH HEIGHT COMMAND: in a shell with job control, which says how it ended
	tm kill-session -t t 2>/dev/null
	tm new-session -d -s t -x "$1" -y "$2" "sh -i"
	tm send-keys -t t "PS1='\$ '; cd $dir; clear; $3; echo \"rc=\$?\"" Enter
}
keys() { tm send-keys -t t "$@"; }
child() { ps -o pid= --ppid "$(tm list-panes -t t -F '#{pane_pid}')" | head -1 | tr -d ' '; }
cooked() { keys 'stty -a | tr " ;" "\n\n" | grep -x -e icanon -e echo | tr "\n" "="' Enter; sees 'icanon=echo='; }

# Keeps the server alive between the tests' sessions.
tm new-session -d -s keep "sleep 1000"
