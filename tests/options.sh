# What the table of options makes: --help, --print-config, completion of shells.
. "$srcdir/tests/tap.sh"
dir=$(mktemp -d) || exit 99
trap 'rm -rf "$dir"' EXIT
enitop() { "$ENITOP" --no-config "$@"; }

# ---- --help ----
enitop --help >"$dir/brief"
check '--help fits a screen of 80x24, with the prompt' \
	awk 'length > 79 { wide = 1 } END { exit wide || NR > 23 }' "$dir/brief"
enitop --help all >"$dir/all"
enitop -hall | cmp -s - "$dir/all" && enitop --help=all | cmp -s - "$dir/all"
check 'a topic stands behind --help, or is its value' test $? -eq 0
enitop --help filter >"$dir/filter"
check '--help filter has the language' grep -q '^  "10.0.0.1 10.0.0.2"  abc ' "$dir/filter"
check 'so has --help all' test -z "$(grep -vxFf "$dir/all" "$dir/filter" | grep -v '^enitop --fields')"
enitop --help=nosuch >"$dir/out" 2>"$dir/err"
check 'a topic that is none' test $? -eq 2
check 'is named, and those that are' grep -q "'nosuch' is no topic (all, filter)" "$dir/err"

# The rows of the table, by its text alone.
sed -n 's/^\t{ "\([a-z-]*\)", .*/\1/p' "$srcdir/tui/cli/option_rows.c" >"$dir/options"
check 'the table has rows' test "$(wc -l <"$dir/options")" -gt 60
missing=$(while read -r name; do
	grep -q -- "^  \(-.,\|   \) --$name\b" "$dir/all" || echo "$name"
done <"$dir/options")
check "--help all has every option $missing" test -z "$missing"
for theme in "$srcdir"/themes/*.theme; do basename "$theme" .theme; done >"$dir/themes"
missing=$(while read -r name; do grep -qw "$name" "$dir/all" || echo "$name"; done <"$dir/themes")
check 'and every theme' test -z "$missing"

# ---- --print-config ----
print() { "$ENITOP" "$@" --print-config; }
print --no-config >"$dir/none"
check 'a configuration that says nothing is comments' test -z "$(grep -v '^#' "$dir/none" | grep .)"
check 'every option that a file may have is in it' \
	test "$(grep -c '^#[a-z-]* = ' "$dir/none")" -gt 30
# Every line of that kind, with a value that the option takes.
while read -r name value; do
	echo "$name = $value"
done >"$dir/config" <<'CONFIG'
batch yes
follow yes
follow-links yes
view rejects,ports
group srcaddr/24,service
metric distinct:dstport
trend yes
limit 7
columns time,client,bytes
sort -bytes
heat port,host
once yes
where @jump and dport=22
window 6h
by-size yes
mark 2026-11-24T14:30:00Z=deploy
changes gone
provable 97.5%
every 1h
z 4.5
scorer forest
format ${version} ${srcaddr} ${dstaddr} ${bytes} ${end}
output ndjson
demo 01
memory 64M
state /tmp/state
names /tmp/a b
names /tmp/c
aws-ranges /tmp/ranges
ioc /tmp/bad
internal 198.51.100.0/24
prices nat=1,zone=2,internet=3,source=ours
threshold scan.ports=30
threshold exfil.bytes=2G
threshold lateral.ports=22,5900-5910
admin 10.9.0.0/24
mute scan source=10.1.0.1
mute beacon
events /tmp/events
baseline /tmp/baseline
theme nord
color never
refresh 250ms
mouse yes
ascii yes
hues yes
layout talkers-rejects
keep-layout yes
local yes
CONFIG
"$ENITOP" --no-config --mmdb x --print-config >/dev/null 2>&1 && echo 'mmdb = /tmp/mmdb' >>"$dir/config"
echo 'filter jump = src=10.0.9.0/28' >>"$dir/config"
print --config "$dir/config" >"$dir/once" 2>"$dir/err"
check 'a full configuration is read' test ! -s "$dir/err"
grep -v '^#' "$dir/once" | grep . | sort >"$dir/have"
sort "$dir/config" | cmp -s - "$dir/have"
check 'what was said stands in it, and no more' test $? -eq 0
unsaid=$(sed -n 's/^#\([a-z-]*\) = .*/\1/p' "$dir/once" | tr '\n' ' ')
check "all of it but what takes back: $unsaid" test -z "$(echo "$unsaid" | sed 's/no-follow\|no-once\|utc\|mmdb//g; s/ //g')"
print --config "$dir/once" >"$dir/twice" 2>"$dir/err"
check 'read back it is the same' sh -c 'sed 2d "$0" >"$0.1"; sed 2d "$1" | cmp -s - "$0.1"' \
	"$dir/once" "$dir/twice"
# The same is asked, too: a report says its question.
"$GENLOG" -n 300 >"$dir/log"
grep -vE '^(state|names|aws-ranges|ioc|events|baseline|mmdb|demo|follow|memory|sort|format|view|heat) ' "$dir/config" |
	sed 's/ndjson/json/' >"$dir/part"
"$ENITOP" --config "$dir/part" "$dir/log" >"$dir/want" 2>/dev/null
print --config "$dir/part" >"$dir/printed"
"$ENITOP" --config "$dir/printed" "$dir/log" >"$dir/have" 2>/dev/null
grep -q '"query"' "$dir/want" && cmp -s "$dir/want" "$dir/have"
check 'a report asks the same by it' test $? -eq 0

# ---- keys ----
cat >"$dir/keys" <<'CONFIG'
key f11 = filter
key g = metric
key m = group
key ctrl-x = next_pane
key T = Talkers
key u = none
CONFIG
print --config "$dir/keys" >"$dir/bound" 2>"$dir/err"
check 'keys are bound' test ! -s "$dir/err"
printf '%s\n' 'key ctrl-x = next-pane' 'key T = talkers' 'key f11 = filter' 'key g = metric' \
	'key m = group' 'key u = none' | sort >"$dir/want"
grep '^key' "$dir/bound" | sort | cmp -s - "$dir/want"
check 'and printed as they are in force' test $? -eq 0
print --config "$dir/bound" >"$dir/twice" 2>"$dir/err"
check 'read back they are the same' sh -c 'sed 2d "$0" >"$0.1"; sed 2d "$1" | cmp -s - "$0.1" && ! [ -s "$2" ]' \
	"$dir/bound" "$dir/twice" "$dir/err"
says() { "$ENITOP" --config "$dir/keys" --keys | grep -q "^  $1 *$2\$"; }
check 'the help has them' says 'F11 / f F4' 'edit the filter, live'
check 'one given away is gone' says 'm F5' 'next grouping'
check 'from the other too' says 'g F6' 'sort by next metric'
check 'a pane has one' says 'T 1' 'talkers'
check 'none is none' says '-' 'mute it for good'
# A line, and what is said of it; the rest goes on.
cat >"$dir/said" <<'SAID'
1 unknown key 'slsh': did you mean slash?
2 unknown key 'hyperspace'
3 unknown command 'filtre': did you mean filter?
4 unknown command 'nosuchthing'
5 key enter stays as it is: text that is typed needs enter, esc and backspace, and ctrl-c leaves
6 key enter stays as it is: text that is typed needs enter, esc and backspace, and ctrl-c leaves
8 key f12 is bound to group already, in line 7
9 key b is the only one of mark: window needs another one
SAID
cat >"$dir/wrong" <<'CONFIG'
key slsh = filter
key hyperspace = filter
key x = filtre
key x = nosuchthing
key enter = filter
key ctrl-m = filter
key f12 = group
key f12 = metric
key b = window
CONFIG
print --config "$dir/wrong" 2>&1 >"$dir/out" | sed "s,^enitop: $dir/wrong:\([0-9]*\): ,\1 ," | cmp -s - "$dir/said"
check 'mistakes are said with their line' test $? -eq 0
check 'and cost that line alone' test "$(grep '^key' "$dir/out")" = 'key f12 = group'
grep -q '^#key b = mark$' "$dir/out"
check 'a key is not taken with nothing left' test $? -eq 0

print --config "$dir/config" --limit 9 --theme light --no-once --where '' --utc |
	grep -E '^#?(limit|theme|once|no-once|where|utc|local) = ' >"$dir/over"
printf '%s\n' 'limit = 9' '#once = yes' 'no-once = yes' '#where = FILTER' 'theme = light' \
	'utc = yes' '#local = yes' | cmp -s - "$dir/over"
check 'the command line is above the file' test $? -eq 0
check 'what is of a --watch alone is no setting' \
	test -z "$(print --no-config --watch udp --metric flows --z 3 | grep -v '^#' | grep .)"
print --no-config --where 'tcp
or udp' >"$dir/out" 2>"$dir/err"
check 'a value that no line has room for is refused' test $? -eq 2 -a ! -s "$dir/out"
# shellcheck disable=SC2088 # it is what stays as it is
for value in '~/x' ' x' 'x '; do
	print --no-config --names "$value" >"$dir/out" 2>"$dir/err"
	check "as is '$value'" test $? -eq 2 -a ! -s "$dir/out"
done
check 'one of the file has its folder in place of ~' \
	test "$(echo 'names = ~/x' >"$dir/home"; HOME=/h print --config "$dir/home" | grep '^names')" = 'names = /h/x'
print --config "$dir/x
theme = light" >"$dir/out" 2>/dev/null
check 'nor does the name of the file say anything' test -z "$(grep -v '^#' "$dir/out" | grep .)"

# ---- completion ----
for shell in bash zsh fish; do
	enitop --generate $shell >"$dir/$shell"
	before=-- behind="[]=[ |)'}]"
	[ $shell != fish ] || before='-l '
	missing=$(while read -r name; do
		grep -q -e "$before$name$behind" "$dir/$shell" || echo "$name"
	done <"$dir/options")
	check "$shell completes every option $missing" test -z "$missing"
	missing=$({
		awk -F'"' '/^\tX\([A-Z0-9_]*, *"/ { print $2 }' "$srcdir/core/schema/field.h"
		enitop --views
		enitop --rules | sed -n 's/^\(  \)*\([a-z_.]*\) .*/\2/p'
		cat "$dir/themes"
		echo ndjson; echo clickhouse; echo zscore; echo host,time; echo 10m; echo client; echo mono
	} | while read -r word; do
		grep -qE -- "(^|[ '(])$word(=|[ ')]|\$)" "$dir/$shell" || echo "$word"
	done)
	check "$shell has the fields, views, rules, themes and choices $missing" test -z "$missing"
	if command -v $shell >/dev/null; then
		check "$shell takes it" env HOME="$dir" XDG_CONFIG_HOME="$dir" $shell -n "$dir/$shell"
	fi
done
enitop --generate nosuch 2>"$dir/err"
check 'another shell is refused, with those that there are' grep -q '(bash, zsh, fish' "$dir/err"

# What bash offers: the words of a command line, the last one to be completed.
offers() {
	# shellcheck disable=SC2016
	(cd "$dir" && bash --norc -c '. ./bash; COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)); _enitop
		printf "%s\n" "${COMPREPLY[@]}"' bash enitop "$@" 2>/dev/null) | tr '\n' ' '
}
if command -v bash >/dev/null; then
	check 'a view' test "$(offers --view ti)" = 'timeline '
	check 'behind another' test "$(offers -v talkers,rej)" = 'talkers,rejects '
	check 'behind =' test "$(offers --theme = nor)" = 'nord '
	check 'a field of a filter' test "$(offers --where dstp)" = 'dstport= '
	check 'an option' test "$(offers --print-c)" = '--print-config '
	check 'a file' test "$(offers --names conf)" = 'config '
	check 'a path' test "$(offers --batch conf)" = 'config '
	check 'a topic' test "$(offers --help f)" = 'filter '
	check 'nothing where nothing is known' test "$(offers --limit '' | tr -d ' ')" = ''
	check 'nor behind the = of a filter' test "$(offers --where dport = 4 | tr -d ' ')" = ''
fi
done_testing
