#!/usr/bin/env bash
# Run one study's quick profile through a real Slurm of two nodes on this machine, and compare every
# artifact and figure with the local run in runs/quick, byte by byte:
#   environment/slurm/study.sh 06-nee-dual-constraint
set -euo pipefail
cd "$(dirname "$0")/../.."
study="${1:?a study or notebook}"
root="$(mktemp -d)"
mkdir "$root/project"
trap 'environment/slurm/cluster.sh stop "$root/slurm"; rm -rf "$root"' EXIT
for name in notebooks lib node_modules kernels package.json package-lock.json data-manifest.json; do
  ln -s "$PWD/$name" "$root/project/$name"
done
environment/slurm/cluster.sh start "$root/slurm"
export SLURM_CONF="$root/slurm/slurm.conf"
node lib/bin/carbonbook.js reproduce --root "$root/project" --only "$study" --executor slurm \
  --cluster environment/slurm/profiles/one-node.yaml
same=0 other=0
while IFS= read -r file; do
  if cmp "runs/quick/$file" "$root/project/runs/quick/$file"; then same=$((same + 1)); else other=$((other + 1)); fi
done < <(cd "$root/project/runs/quick" && find artifacts figures models -type f 2>/dev/null)
echo "$same files equal, $other differ"
[ "$same" -gt 0 ] && [ "$other" -eq 0 ]
