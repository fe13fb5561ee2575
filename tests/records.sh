# Records as batch lists them: --fields, --columns, --sort.
. "$srcdir/tests/tap.sh"
dir=$(mktemp -d) || exit 99
trap 'rm -rf "$dir"' EXIT

"$ENITOP" --fields >"$dir/fields"
wide=$(awk 'length > 80' "$dir/fields")
check '--fields is readable on 80 columns' test -z "$wide"
# Of each field of the table its name, alone at the head of its lines.
missing=$(awk -F'"' '/^\tX\([A-Z0-9_]*, *"/ { print $2 }' "$srcdir/core/field.h" | while read -r f; do
	grep -q "^  $f  *[a-z]" "$dir/fields" || echo "$f"
done)
check '--fields has every field' test -z "$missing"
done_testing
