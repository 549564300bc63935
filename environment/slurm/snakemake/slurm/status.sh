#!/usr/bin/env bash
# Tell Snakemake how a job of Slurm is: running, success or failed. Works without accounting.
state=$(scontrol show job --oneliner "$1" 2>/dev/null | grep -o 'JobState=[A-Z_]*')
case "${state#JobState=}" in
  COMPLETED) echo success ;;
  PENDING | CONFIGURING | RUNNING | COMPLETING | SUSPENDED | REQUEUED | "") echo running ;;
  *) echo failed ;;
esac
