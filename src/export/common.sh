# What all engines have in common. A node is a service of compose.yaml; a link is a proxy of Toxiproxy.
set -u
cd "$(dirname "$0")" || exit 2
toxiproxy=http://127.0.0.1:8474
told=$(mktemp -d)
trap 'rm -rf "$told"' EXIT

api() { curl -fsS -o /dev/null -X "$1" -d "${3:-}" "$toxiproxy$2"; }
# toxic NAME PROXY STREAM TYPE ATTRIBUTES: puts one on; it replaces the one of this name.
toxic() {
  api DELETE "/proxies/$2/toxics/$1" 2>/dev/null
  api POST "/proxies/$2/toxics" "{\"name\":\"$1\",\"type\":\"$4\",\"stream\":\"$3\",\"attributes\":$5}"
}
# each way apart: bytes from a to b go up the proxy a-b, and down the proxy b-a.
hold() { toxic "held-up" "$1-$2" upstream timeout '{"timeout":0}' && toxic "held-down" "$2-$1" downstream timeout '{"timeout":0}'; }
sever() { api POST "/proxies/$1-$2" '{"enabled":false}' && api POST "/proxies/$2-$1" '{"enabled":false}'; }
heal() {
  api POST "/proxies/$1-$2" '{"enabled":true}' && api POST "/proxies/$2-$1" '{"enabled":true}'
  api DELETE "/proxies/$1-$2/toxics/held-up" 2>/dev/null
  api DELETE "/proxies/$2-$1/toxics/held-down" 2>/dev/null
  return 0
}
# slow A B LATENCY_MS JITTER_MS
slow() {
  toxic "slow-up" "$1-$2" upstream latency "{\"latency\":$3,\"jitter\":$4}" &&
    toxic "slow-down" "$2-$1" downstream latency "{\"latency\":$3,\"jitter\":$4}"
}
# narrow A B KILOBYTES_PER_SECOND
narrow() {
  toxic "narrow-up" "$1-$2" upstream bandwidth "{\"rate\":$3}" &&
    toxic "narrow-down" "$2-$1" downstream bandwidth "{\"rate\":$3}"
}
crash() { docker compose kill --signal SIGKILL "$1"; }
stop() { docker compose stop --timeout 15 "$1"; }
start() { docker compose start "$1"; }
freeze() { docker compose pause "$1"; }
thaw() { docker compose unpause "$1"; }
# hex TEXT: so that no key or value can be anything but data.
hex() { printf %s "$1" | od -An -v -tx1 | tr -d ' \n'; }

# line NUMBER TEXT SIMULATED COMMAND...: an order; it is done before the next line.
line() {
  number=$1 text=$2 simulated=$3
  shift 3
  said=$("$@" 2>&1 >/dev/null) && seen=ok || seen="error: $said"
  printf '%s\t%s\t%s\t%s\n' "$number" "$text" "$seen" "$simulated" >"$told/$number"
}
# ask NUMBER TEXT SIMULATED COMMAND...: a client asks, and may wait; what it sees is told in the end.
ask() {
  number=$1 text=$2 simulated=$3
  shift 3
  (
    seen=$("$@" 2>&1)
    printf '%s\t%s\t%s\t%s\n' "$number" "$text" "$seen" "$simulated" >"$told/$number"
  ) &
  sleep 0.05
}
report() {
  wait
  printf 'line\ttext\treal\tsimulated\n'
  for number in $(ls "$told" | sort -n); do cat "$told/$number"; done
}
