# What configure's flags make of the program: where compiler and linker take them, it stands
# anywhere in memory, its tables of calls can't be written, and stacks and copies are checked.
. "$srcdir/tests/tap.sh"
if ! command -v readelf >/dev/null; then
	echo '1..0 # SKIP no readelf'
	exit 0
fi
flags=$(sed -n 's/^HARDEN_[A-Z]* *= *//p' Makefile | tr '\n' ' ')
asked() { case " $flags " in *"$1"*) ;; *) return 1 ;; esac; }
has() { # has FLAG NAME OPTION WORD: where the flag was taken, what readelf says has the word
	asked "$1" || { echo "# $1: not in this build"; return 0; }
	check "$2" sh -c "readelf -W $3 '$ENITOP' | grep -q '$4'"
}
check 'flags are there, or the build has sanitizers' \
	sh -c "[ -n '$(echo "$flags" | tr -d ' ')' ] || grep -q '^SAN_CFLAGS *= *-f' Makefile"
has -pie 'an executable that can be moved' -h 'Type:.*DYN'
has -Wl,-z,relro 'read-only behind the start' -l GNU_RELRO
has -Wl,-z,now 'all calls bound at the start' -d NOW
has -fstack-protector-strong 'stacks are checked' --dyn-syms __stack_chk_fail
has -D_FORTIFY_SOURCE 'copies are checked' --dyn-syms '__[a-z]*_chk'
done_testing
