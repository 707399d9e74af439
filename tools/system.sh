#!/bin/sh
# What pip cannot bring: Python with venv, and for the tests a browser and PostgreSQL. Installs what is missing
# through apt where that asks nobody anything, and otherwise says what is missing.
#
#     tools/system.sh python | browser | postgres
#
# Without Python nothing can run: that is an error. Without a browser or a server their tests are skipped, and
# say so; with CI=true a skipped test fails.
set -eu

say() { echo "introducer: $*" >&2; }

install() {
    if ! command -v apt-get >/dev/null; then
        say "no apt-get here to install $* with"
        return 1
    fi
    if [ "$(id -u)" = 0 ]; then
        as_root=
    elif sudo -n true 2>/dev/null; then
        as_root="sudo -n"
    else
        say "only root may install packages: sudo apt-get install $*"
        return 1
    fi
    say "installing $*"
    $as_root apt-get update -qq >/dev/null || say "apt-get update failed; trying with the lists that are here"
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

case "$1" in
python)
    python=${PYTHON:-python3}
    command -v "$python" >/dev/null || install python3 || exit 1
    if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
        say "$("$python" --version) is too old: 3.11 or later is needed. Say where one is: make ... PYTHON=python3.12"
        exit 1
    fi
    if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
        install "$("$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')"
    fi
    ;;
browser)
    # The browser of a snap sees no files of the tests, so it does not count.
    case "$(command -v chromium || true)" in
    "" | /snap/*) install chromium || say "no Chromium: tests that open a browser cannot run" ;;
    esac
    ;;
postgres)
    # Only the programs: tests make a server of their own, on a free port, and throw it away.
    if ! command -v initdb >/dev/null && ! ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1; then
        install postgresql || say "no PostgreSQL: tests on a real server cannot run"
    fi
    ;;
*)
    say "usage: tools/system.sh python | browser | postgres"
    exit 2
    ;;
esac
