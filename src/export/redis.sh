redis() {
  node=$1
  shift
  docker compose exec -T "$node" timeout "$patience" redis-cli -e "$@" || echo "(no answer)"
}
write() { redis "$1" SET "$2" "$3" | sed 's/^OK$/ok/'; }
read_() { redis "$1" GET "$2" | sed 's/^$/nothing/'; }
delete() { redis "$1" DEL "$2" | sed 's/^[0-9]*$/ok/'; }
state() { redis "$1" INFO replication | tr -d '\r' | grep -E '^(role|master_link_status):' | tr '\n' ' '; }
promote() { redis "$1" REPLICAOF NO ONE && redis "$1" CONFIG REWRITE; }
# follow NODE UPSTREAM PORT
follow() { redis "$1" REPLICAOF toxiproxy "$3" && redis "$1" CONFIG REWRITE; }
fill_log() { docker compose exec -T "$1" sh -c 'for i in $(seq 24); do head -c 65536 /dev/zero | tr "\0" x | redis-cli -x SET filler; done'; }
ready() {
  for node in $nodes; do until redis "$node" PING | grep -q PONG; do sleep 0.2; done; done
  for node in $slaves; do until redis "$node" INFO replication | grep -q master_link_status:up; do sleep 0.2; done; done
}
