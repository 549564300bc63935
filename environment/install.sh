#!/usr/bin/env bash
# Debian's packages for carbonbook, in one place: CI, the container and the Apptainer image call this.
#   environment/install.sh [run] [test] [slurm]     as root; "run" by default
# run: nothing but what looks at results by hand; test: programs the tests compare with; slurm: a
# cluster on one machine and Snakemake. Node and npm come from the base image.
set -euo pipefail

packages=()
for part in "${@:-run}"; do
  case "$part" in
    run) packages+=(git ca-certificates netcdf-bin) ;;
    test) packages+=(netcdf-bin cdo chromium libvulkan1 jupyter-nbconvert python3-ipykernel python3-jupyter-client
      python3-jupyter-kernel-test python3-nbclient python3-ipywidgets python3-xarray python3-netcdf4) ;;
    slurm) packages+=(slurm-wlm munge snakemake procps) ;;
    *) echo "run, test or slurm, not $part" >&2; exit 2 ;;
  esac
done
apt-get update -qq
DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "${packages[@]}"
