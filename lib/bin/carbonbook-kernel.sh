#!/bin/sh
# Start the kernel: carbonbook-kernel.sh NODE CONNECTION_FILE [--strict]
# V8 reads its limit of memory and its start-up snapshot when a process begins, hence before Node.
# The snapshot serves only the Node and the kind of processor it was made with, and no V8 options.
node=$1
shift
bin=${0%/*}
snapshot=$bin/../dist/.kernel.blob
set -- "$bin/carbonbook-kernel.js" "$@"

processor() {
  while read -r line; do
    case $line in flags* | Features*) printf '%s' "$line"; return ;; esac
  done < /proc/cpuinfo
}

snapshot_fits() {
  [ -z "$NODE_OPTIONS" ] && [ -r "$snapshot.key" ] && [ -r /proc/cpuinfo ] || return 1
  { read -r made_by; read -r made_on; } < "$snapshot.key"
  path=$(command -v "$node")
  [ "$path" -ef "$made_by" ] && [ ! "$path" -nt "$snapshot" ] && [ "$(processor)" = "$made_on" ]
}

if [ -n "$CARBONBOOK_KERNEL_MEMORY_MB" ]; then
  exec "$node" "--max-old-space-size=$CARBONBOOK_KERNEL_MEMORY_MB" "$@"
elif snapshot_fits; then
  exec "$node" --snapshot-blob "$snapshot" "$@"
else
  exec "$node" "$@"
fi
