# The question of row 1, of every source: ADDRESS,BYTES. Columns are those of the default
# format, which version 5 begins with.
$14 == "OK" { bytes[$4] += $10 }
END { for (address in bytes) printf "%s,%.0f\n", address, bytes[address] }
