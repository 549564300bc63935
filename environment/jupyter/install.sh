#!/bin/sh
# Installs Jupyter for exploring the notebooks by hand, with the widgets' front end. Where pip can:
# JupyterLab in a folder of its own beside this file, which touches nothing else. Else, on Debian as
# root: the distribution's Jupyter Notebook. Then: npm run lab
set -eu
here="$(cd "$(dirname "$0")" && pwd)"

with_pip() {
  command -v python3 > /dev/null || return 1
  trap 'rm -rf "$here/venv"; exit 1' INT TERM HUP # half an installation would be taken for one
  python3 -m venv "$here/venv" || return 1
  echo "Asking pip for JupyterLab (about a minute)" >&2
  # one retry: without a network, pip is to give up in seconds, so that the next way is tried
  "$here/venv/bin/python" -m pip install -qq --disable-pip-version-check --retries 1 \
    "jupyterlab>=4" "ipywidgets>=8" 2> "$here/venv/pip.log" || {
    echo "pip cannot bring JupyterLab: $(grep -m 1 '^ERROR' "$here/venv/pip.log" || echo "see its own words with: python3 -m pip install jupyterlab")" >&2
    rm -rf "$here/venv"
    return 1
  }
  # JupyterLab brings JavaScript of the old kind, and this project's package.json says "module"
  echo '{}' > "$here/venv/package.json"
  trap - INT TERM HUP
}

with_apt() {
  command -v apt-get > /dev/null || return 1
  [ "$(id -u)" -eq 0 ] || return 1
  apt-get update -qq
  echo "Installing the distribution's Jupyter Notebook (about a minute)" >&2
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq jupyter-notebook python3-ipywidgets > /dev/null
}

case "${1:-}" in
  pip) with_pip ;;
  apt) with_apt ;;
  "") with_pip || with_apt ;;
  *) echo "usage: install.sh [pip|apt]" >&2; exit 2 ;;
esac || {
  echo "Jupyter could not be installed. With Python: python3 -m pip install jupyterlab ipywidgets" >&2
  echo "On Debian: sudo apt-get install -y jupyter-notebook python3-ipywidgets" >&2
  exit 1
}
echo "Jupyter is here. Open the notebooks with: npm run lab"
