# Every record exactly once, whatever the writers do: tests/torture.c. A minute; as long as
# SOAK_SECONDS says in `make soak`.
exec "$tests/torture" "$ENITOP" "${SOAK_SECONDS:-60}"
