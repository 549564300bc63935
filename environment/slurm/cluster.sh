#!/usr/bin/env bash
# A Slurm cluster of two nodes on one machine, for tests and for a look at --executor slurm:
#   environment/slurm/cluster.sh start FOLDER   then: export SLURM_CONF=FOLDER/slurm.conf
#   environment/slurm/cluster.sh stop FOLDER
#   environment/slurm/cluster.sh node FOLDER NAME start|stop|kill [HIDDEN]
#   environment/slurm/cluster.sh controller FOLDER start|stop
# Needs Debian's slurm-wlm and munge, and root. All it writes is in FOLDER, and it ends only what
# it started. A node started with HIDDEN does not see that folder. There is no accounting, as at many small centres.
set -euo pipefail

what="${1:?start, stop, node or controller}"
mkdir -p "${2:?a folder}"
folder="$(cd "$2" && pwd)"
nodes=(node1 node2)
export SLURM_CONF="$folder/slurm.conf"

configure() {
  local memory cores i=0
  memory=$(awk '/MemTotal/ { print int($2 / 1024 / 2) }' /proc/meminfo)
  cores=$(( $(nproc) / 2 > 0 ? $(nproc) / 2 : 1 ))
  chmod 755 "$folder"
  mkdir -p "$folder/state"
  cat > "$SLURM_CONF" <<CONF
ClusterName=carbonbook
SlurmctldHost=$(hostname -s)(127.0.0.1)
SlurmctldPort=$((base))
SlurmUser=root
AuthType=auth/munge
AuthInfo=socket=$folder/munge.socket,cred_expire=6
StateSaveLocation=$folder/state
SlurmdSpoolDir=$folder/spool-%n
SlurmctldPidFile=$folder/slurmctld.pid
SlurmdPidFile=$folder/slurmd-%n.pid
SlurmctldLogFile=$folder/slurmctld.log
SlurmdLogFile=$folder/slurmd-%n.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/linux
JobAcctGatherFrequency=task=1
JobAcctGatherParams=OverMemoryKill
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU_Memory
SchedulerType=sched/backfill
SchedulerParameters=sched_interval=2,sched_min_interval=0,bf_interval=2,batch_sched_delay=0,max_rpc_cnt=0
MpiDefault=none
ReturnToService=2
SlurmdTimeout=6
SlurmctldTimeout=10
BatchStartTimeout=1
KillWait=2
MinJobAge=300
MaxArraySize=1001
MaxJobCount=10000
JobRequeue=1
RebootProgram=/bin/true
CONF
  for node in "${nodes[@]}"; do
    i=$((i + 1))
    echo "NodeName=$node NodeHostname=$(hostname -s) NodeAddr=127.0.0.1 Port=$((base + i)) CPUs=$cores RealMemory=$memory State=UNKNOWN"
  done >> "$SLURM_CONF"
  echo "PartitionName=main Nodes=$(IFS=,; echo "${nodes[*]}") Default=YES MaxTime=1-00:00:00 State=UP" >> "$SLURM_CONF"
}

start_munge() {
  [ -f "$folder/munge.key" ] || head -c 1024 /dev/urandom > "$folder/munge.key"
  chmod 600 "$folder/munge.key"
  munged --force --key-file="$folder/munge.key" --socket="$folder/munge.socket" --pid-file="$folder/munged.pid" \
    --log-file="$folder/munged.log" --seed-file="$folder/munged.seed"
}

start_node() { # start_node NAME [HIDDEN]
  if [ -z "${2:-}" ]; then slurmd -N "$1" -f "$SLURM_CONF"; return; fi
  unshare --mount bash -c 'mount -t tmpfs none "$1" && slurmd -N "$2" -f "$3"' bash "$2" "$1" "$SLURM_CONF"
}

start_controller() { slurmctld -f "$SLURM_CONF"; }

end() { # end PIDFILE [SIGNAL]: end the process of a pid file, if it still runs, and wait for it
  local pid
  pid=$(cat "$1" 2>/dev/null) || return 0
  kill "-${2:-TERM}" "$pid" 2>/dev/null || return 0
  for _ in $(seq 100); do kill -0 "$pid" 2>/dev/null || return 0; sleep 0.1; done
  kill -KILL "$pid" 2>/dev/null || true
}

lose_node() { # as if its machine lost power: slurmd, its step daemons and all that its jobs started
  local pids pid steps=""
  end "$folder/slurmd-$1.pid" KILL
  pids=$(processes_of "$1")
  for pid in $pids; do steps+=" $(step_daemon "$pid")"; done
  for pid in $steps $pids; do kill -KILL "$pid" 2>/dev/null || true; done
}

processes_of() { # the processes of the jobs on a node
  local file
  for file in /proc/[0-9]*/environ; do
    { tr '\0' '\n' < "$file"; } 2>/dev/null | grep -qx -e "SLURMD_NODENAME=$1" || continue
    { tr '\0' '\n' < "$file"; } 2>/dev/null | grep -qx -e "SLURM_CONF=$SLURM_CONF" || continue
    file="${file#/proc/}"; echo "${file%/environ}"
  done
}

step_daemon() { # the slurmstepd that a process of a job descends from
  local pid="$1"
  while [ "${pid:-0}" -gt 1 ]; do
    case "$(cat "/proc/$pid/comm" 2>/dev/null)" in slurmstepd*) echo "$pid"; return ;; esac
    pid=$(awk '/^PPid:/ { print $2 }' "/proc/$pid/status" 2>/dev/null)
  done
}

await_nodes() {
  for _ in $(seq 100); do
    [ "$(sinfo --noheader --Node --format=%T 2>/dev/null | grep -c idle)" -ge "${#nodes[@]}" ] && return 0
    sleep 0.2
  done
  tail -5 "$folder"/*.log >&2
  echo "the nodes did not come up; see $folder/*.log" >&2
  return 1
}

case "$what" in
  start)
    base="${CARBONBOOK_SLURM_PORT:-17817}"
    configure; start_munge; start_controller
    for node in "${nodes[@]}"; do start_node "$node"; done
    await_nodes
    ;;
  stop)
    for node in "${nodes[@]}"; do lose_node "$node"; done
    for daemon in slurmctld munged; do end "$folder/$daemon.pid"; done
    ;;
  node)
    case "${4:?start, stop or kill}" in
      start) start_node "$3" "${5:-}" ;;
      stop) end "$folder/slurmd-$3.pid" ;;
      kill) lose_node "$3" ;;
    esac
    ;;
  controller)
    if [ "${3:?start or stop}" = start ]; then start_controller; else end "$folder/slurmctld.pid"; fi
    ;;
  *) echo "start, stop, node or controller, not $what" >&2; exit 2 ;;
esac
