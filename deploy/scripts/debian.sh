# shellcheck shell=bash
# Sourced. What the machine lacks is fetched from Debian's or Ubuntu's own packages, but only by root.

install_packages() {
    if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
        return 1
    fi
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -q </dev/null >&2 && apt-get install -q -y --no-install-recommends "$@" </dev/null >&2
}
