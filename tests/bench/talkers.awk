# Who talks with whom, in both directions: CLIENT,SERVER,SERVICE,BYTES of all, the port below 1024
# being the service. Columns are those of the default format.
$14 == "OK" { bytes[$7 < 1024 ? $4 "," $5 "," $7 : $5 "," $4 "," $6] += $10 }
END { for (key in bytes) printf "%s,%.0f\n", key, bytes[key] }
