# sql NODE TEXT [USER]: what is read, or ok. The user app is bound by read_only, root is not.
sql() {
  user=${3:-root}
  printf '%s\n' "$2" | docker compose exec -T "$1" timeout "$patience" mariadb -N -B -h 127.0.0.1 -u "$user" "-p$user" 2>&1
}
text() { printf "convert(x'%s' using utf8mb4)" "$(hex "$1")"; }
or_ok() { said=$(cat) && printf '%s\n' "${said:-ok}"; }
write() {
  sql "$1" "insert into d.kv values ($(text "$2"), $(text "$3")) on duplicate key update v = values(v)" app | or_ok
}
read_() { sql "$1" "select v from d.kv where k = $(text "$2")" app | { said=$(cat) && printf '%s\n' "${said:-nothing}"; }; }
delete() { sql "$1" "delete from d.kv where k = $(text "$2")" app | or_ok; }
state() { sql "$1" 'show slave status\G' | grep -E 'Slave_(IO|SQL)_Running:|Last_(IO|SQL)_Errno:' | tr -s ' \n' ' '; }
semi_sync() { [ -z "$semi" ] || sql "$1" "set global rpl_semi_sync_master_enabled = $2; set global rpl_semi_sync_slave_enabled = $3"; }
promote() {
  sql "$1" 'stop slave; reset slave all; set global read_only = 0'
  semi_sync "$1" 1 0
}
# follow NODE UPSTREAM PORT [FROM]
follow() {
  from=slave_pos
  [ -n "$(sql "$1" 'show slave status')" ] || from=current_pos
  sql "$1" 'stop slave; set global read_only = 1'
  semi_sync "$1" 0 1
  sql "$1" "change master to master_host = 'toxiproxy', master_port = $3, master_user = 'repl', master_password = 'repl',
    master_connect_retry = 1, master_use_gtid = $from; start slave"
}
pause_apply() { sql "$1" 'stop slave sql_thread'; }
resume_apply() { sql "$1" 'start slave sql_thread'; }
delay() { sql "$1" "stop slave; change master to master_delay = $(($2 / 1000)); start slave"; }
read_only() { sql "$1" "set global read_only = $2"; }
trim_log() {
  sql "$1" 'flush binary logs'
  sql "$1" "purge binary logs to '$(sql "$1" 'show master status' | cut -f 1)'"
}
ready() {
  for node in $nodes; do until sql "$node" 'select count(*) from d.kv' app | grep -qx 0; do sleep 0.5; done; done
  for node in $slaves; do follow "$node" "$master" "$(port "$node" "$master")"; done
  for node in $slaves; do until state "$node" | grep -q 'Slave_IO_Running: Yes'; do sleep 0.2; done; done
}
