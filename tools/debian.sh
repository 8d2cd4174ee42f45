#!/bin/sh
# Installs the Debian packages named as arguments that are lacking; where it may not, names the one line to run.
# Status 0: all there. Status 1: something is lacking and could not be installed.
lacking=""
for package in "$@"; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q "install ok installed" || lacking="$lacking $package"
done
[ -z "$lacking" ] && exit 0
command -v apt-get >/dev/null 2>&1 || { echo "huiyin needs these packages:$lacking" >&2; exit 1; }
sudo=""
if [ "$(id -u)" -ne 0 ]; then
    if command -v sudo >/dev/null 2>&1 && { sudo -n true 2>/dev/null || [ -t 0 ]; }; then
        sudo="sudo"
    else
        echo "Run this once, then try again:  sudo apt-get install -y$lacking" >&2
        exit 1
    fi
fi
echo "Installing Debian packages:$lacking"
export DEBIAN_FRONTEND=noninteractive
# shellcheck disable=SC2086 — the list is meant to split into words
$sudo apt-get update -qq && $sudo apt-get install -y -qq --no-install-recommends $lacking >/dev/null && exit 0
echo "Run this once, then try again:  sudo apt-get install -y$lacking" >&2
exit 1
