#!/bin/sh
# ./autogen.sh         prepare configure
# ./autogen.sh run     install what is missing, build, start the demo
# ./autogen.sh check   the same, then every test: plain; ASan and UBSan, by clang; TSan; lint;
#                      and distcheck
# ./autogen.sh WORD    the same, then `make WORD`
set -eu
cd "$(dirname "$0")"

BUILD_PACKAGES='autoconf automake make gcc libc6-dev pkg-config libuv1-dev libncurses-dev
zlib1g-dev libzstd-dev libmd-dev libmaxminddb-dev libpcre2-dev libjansson-dev libinih-dev'
LINT_PACKAGES='cppcheck shellcheck'
CHECK_PACKAGES="libcmocka-dev libvterm-dev tmux procps python3 clang xz-utils $LINT_PACKAGES"
BENCH_PACKAGES='ripgrep mawk goaccess lnav'

say() { printf '%s\n' "autogen.sh: $*" >&2; }
jobs() { getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2; }

missing() {
	for package in "$@"; do
		dpkg-query -W -f '${Status}\n' "$package" 2>/dev/null | grep -q 'ok installed' ||
			printf '%s ' "$package"
	done
}

as_root() {
	if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo "$@"; fi
}

# What not every machine's distribution has: taken where it is offered.
offered() {
	command -v apt-cache >/dev/null || return 0
	! apt-cache show "$1" >/dev/null 2>&1 || echo "$1"
}

# What libFuzzer comes in: since clang 14 a package of its own, under clang's number.
fuzzer_package() {
	command -v apt-cache >/dev/null || return 0
	number=$(apt-cache depends clang 2>/dev/null | sed -n 's/^ *Depends: clang-\([0-9]*\)$/\1/p')
	offered "libclang-rt-$number-dev"
}

# Debian and Ubuntu install; elsewhere the names must do.
need() {
	[ $# -gt 0 ] || return 0
	if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
		say "needs, by their names in Debian: $(echo "$@" | tr '\n' ' ')"
		return 0
	fi
	wanted=$(missing "$@")
	[ -n "$wanted" ] || return 0
	say "installing: $wanted"
	as_root apt-get update -qq
	# shellcheck disable=SC2086
	as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
		$wanted </dev/null >&2
}

configure() { # configure DIRECTORY [FLAG]...: unless it was, with the same flags
	dir=$1
	shift
	mkdir -p "$dir"
	# What a first configure did not find may have been installed since.
	key="$* clang=$(command -v clang || :)"
	for module in cmocka libzstd libisal vterm libmd libmaxminddb; do
		key="$key $module=$(pkg-config --modversion "$module" 2>/dev/null || :)"
	done
	if [ ! -f "$dir/Makefile" ] || [ configure -nt "$dir/config.status" ] ||
	   [ "$(cat "$dir/.flags" 2>/dev/null)" != "$key" ]; then
		top=$(pwd)
		(cd "$dir" && "$top/configure" --quiet "$@" && echo "$key" >.flags)
	fi
}

prepare() {
	# shellcheck disable=SC2046
	need $(offered libisal-dev) # reports inflate with it
	if [ ! -f configure ] || [ configure.ac -nt configure ] || [ Makefile.am -nt configure ]; then
		autoreconf -fi >&2
	fi
}

passed=0
failed=0
failures= # what failed, a line each: said once more at the end, below all that was printed
tally() { # tally LABEL DIRECTORY [MAKE ARGUMENT]...: runs its tests, adds up their lines
	label=$1 dir=$2
	shift 2
	say "$label"
	# Compiling first: a failure there is one failure, and says why. One word after the other: `all`
	# is a make of its own, and two at once write the same objects.
	if ! make -s -C "$dir" -j "$(jobs)" "$@" all >&2 ||
	   ! make -s -C "$dir" -j "$(jobs)" "$@" check-programs >&2; then
		failed=$((failed + 1))
		failures="$failures$label: does not build
"
		return 0
	fi
	# Tests wait for files and clocks much of their time: one more than there are cores.
	make -s -C "$dir" -j "$(($(jobs) + 1))" "$@" check >"$dir/check.out" 2>&1 || :
	count "$dir" PASS
	passed=$((passed + n))
	good=$n
	count "$dir" 'FAIL\|XPASS\|ERROR'
	[ "$good" -gt 0 ] || n=$((n + 1))
	failed=$((failed + n))
	say "$label: $good passed, $n failed"
	failures="$failures$(sed -n "s/^\(FAIL\|XPASS\|ERROR\): /$label: &/p" "$dir/check.out")
"
	[ "$n" -eq 0 ] || cat "$dir/check.out" "$dir/test-suite.log" >&2 2>/dev/null || :
}

# The .trs file of each test says how it, or each test in it, ended.
count() {
	n=$(cat "$1"/tests/*.trs 2>/dev/null | grep -c "^:test-result: \($2\)" || :)
}

# A word of make's that passes or fails as a whole.
one() { # one LABEL [MAKE ARGUMENT]...
	label=$1
	shift
	say "$label"
	if make -s -C build/plain -j "$(jobs)" "$@" >"build/$1.out" 2>&1; then
		passed=$((passed + 1))
		say "$label: passed"
	else
		failed=$((failed + 1))
		say "$label: failed"
		failures="$failures$label: failed
"
		cat "build/$1.out" >&2
	fi
}

check() {
	configure build/plain --enable-werror
	one lint lint
	tally 'plain build' build/plain
	# By clang, where there is one: another compiler's warnings and code besides.
	configure build/asan --enable-sanitizers --enable-werror 'CFLAGS=-g1 -O1' \
		"CC=$(command -v clang || echo "${CC-gcc}")"
	tally 'under ASan and UBSan' build/asan
	configure build/tsan --enable-sanitizers=thread 'CFLAGS=-g1 -O1'
	tally 'threads under TSan' build/tsan TESTS='$(THREAD_TESTS)' \
		check_PROGRAMS='$(TOOLS) $(THREAD_UNITS)'
	one 'what is packed' distcheck FUZZER= TESTS='$(QUICK_TESTS)' \
		check_PROGRAMS='$(TOOLS) $(QUICK_UNITS)' DISTCHECK_CONFIGURE_FLAGS='CFLAGS=-O1'
	printf '%s' "$failures" | sed '/^$/d' >&2
	printf '%d passed, %d failed\n' "$passed" "$failed"
	[ "$failed" -eq 0 ]
}

case ${1-} in
'')
	autoreconf -fi
	;;
check)
	# shellcheck disable=SC2086
	need $BUILD_PACKAGES $CHECK_PACKAGES
	# shellcheck disable=SC2046
	need $(fuzzer_package)
	# shellcheck disable=SC2046
	(need $(offered libcurl4) $(offered clickhouse-server) $(offered clickhouse-client)) ||
		say "no ClickHouse here: its tests are left out"
	prepare
	check
	;;
*)
	# shellcheck disable=SC2086
	case $1 in
	lint) need $BUILD_PACKAGES $LINT_PACKAGES ;;
	format) need $BUILD_PACKAGES clang-format ;;
	bench)
		command -v npm >/dev/null || BUILD_PACKAGES="$BUILD_PACKAGES nodejs npm"
		need $BUILD_PACKAGES $CHECK_PACKAGES $BENCH_PACKAGES
		;;
	distcheck|soak)
		need $BUILD_PACKAGES $CHECK_PACKAGES
		# shellcheck disable=SC2046
		need $(fuzzer_package)
		;;
	*) need $BUILD_PACKAGES ;;
	esac
	prepare
	configure build/plain --enable-werror
	if [ "$1" = run ]; then
		make -s -C build/plain -j "$(jobs)" >&2
		if [ -t 0 ] && [ -t 1 ]; then
			exec build/plain/enitop --demo
		fi
		exec build/plain/enitop --demo --batch </dev/null
	fi
	exec make -C build/plain "$@"
	;;
esac
