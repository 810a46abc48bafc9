#!/usr/bin/env bash
# A native PostgreSQL 17 with pgvector for the fuller suites, from Debian trixie (bookworm has no pgvector).
# Usage: postgres.sh install | start PORT DATADIR | exec COMMAND…   Needs root and debootstrap; the tree is made once and cached.
set -euo pipefail
cache=${PARLEY_CACHE:-$HOME/.cache/parley}
root=$cache/trixie

install_tree() {
  [ -f "$root/.complete" ] && return
  rm -rf "$root" "$root.partial"
  mkdir -p "$cache"
  debootstrap --variant=minbase --include=postgresql-17,postgresql-17-pgvector trixie "$root.partial" >&2
  touch "$root.partial/.complete"
  mv "$root.partial" "$root"
}

case "${1:-}" in
  install)
    install_tree
    echo "$root"
    ;;
  start)
    # Foreground: the caller owns the process and ends it with SIGINT (fast shutdown). DATADIR is a path inside the tree.
    port=$2 data=$3
    install_tree
    mkdir -p "$root$data" "$root/dev/shm"
    chroot "$root" chown -R postgres:postgres "$data"
    chmod 1777 "$root/dev/shm" "$root/tmp"
    [ -e "$root/dev/urandom" ] || mknod -m 666 "$root/dev/urandom" c 1 9
    as_postgres=(chroot --userspec=postgres:postgres "$root" env LC_ALL=C.UTF-8)
    bin=/usr/lib/postgresql/17/bin
    [ -f "$root$data/PG_VERSION" ] ||
      "${as_postgres[@]}" "$bin/initdb" -D "$data" --auth=trust -U postgres --encoding=UTF8 --no-sync >&2
    exec "${as_postgres[@]}" "$bin/postgres" -D "$data" -p "$port" -h 127.0.0.1 -k /tmp \
      -c max_connections=200 -c shared_buffers=256MB -c dynamic_shared_memory_type=mmap
    ;;
  *)
    echo "usage: postgres.sh install | start PORT DATADIR" >&2
    exit 2
    ;;
esac
