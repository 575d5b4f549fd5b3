#!/bin/sh
# Set up one server: user, folders, program, key, settings, units, data home. Run it as root from the checkout in
# /opt/regiomonitor, as often as you like: what is there already stays as it is, whoever filled it in.
#   git clone ... /opt/regiomonitor && /opt/regiomonitor/deploy/install.sh
# DESTDIR=/some/folder makes everything there instead (an image, a test): no user, no owners, nothing is started.
set -eu
umask 022

DESTDIR=${DESTDIR:-}
OPT=$DESTDIR/opt/regiomonitor
SRV=$DESTDIR/srv/regiomonitor
ETC=$DESTDIR/etc/regiomonitor
UNITS=$DESTDIR/etc/systemd/system
BRON=$(cd "$(dirname "$0")/.." && pwd)
WIE=regiomonitor

zeg() { printf '%s\n' "$*"; }

if [ -z "$DESTDIR" ]; then
	[ "$(id -u)" = 0 ] || { zeg "Run this as root." >&2; exit 1; }
	[ "$BRON" = "$OPT" ] || { zeg "The checkout is in $BRON; the units expect it in $OPT." >&2; exit 1; }
	getent group $WIE >/dev/null || groupadd --system $WIE
	id $WIE >/dev/null 2>&1 || useradd --system --gid $WIE --home-dir /srv/regiomonitor --no-create-home --shell /usr/sbin/nologin $WIE
fi

# map MODE PATH: a folder of the pipeline's own
map() {
	[ -d "$2" ] || mkdir -p "$2"
	chmod "$1" "$2"
	[ -n "$DESTDIR" ] || chown $WIE:$WIE "$2"
}

# eenmalig MODE FROM TO: a file that is filled in once it is there
eenmalig() {
	[ -e "$3" ] || install -m "$1" "$2" "$3"
	[ -n "$DESTDIR" ] || chown $WIE:$WIE "$3"
}

mkdir -p "$OPT" "$UNITS"
map 0700 "$OPT/var"
map 0700 "$SRV"
map 0700 "$SRV/dagster"
map 0700 "$ETC"

PROGRAMMA=${PROGRAMMA:-$BRON/.venv/bin/regiomonitor}
if [ -z "$DESTDIR" ]; then
	make --quiet -C "$BRON" install
	runuser -u $WIE -- "$BRON/.venv/bin/python" -c "" 2>/dev/null || {
		zeg "The python of $BRON/.venv cannot be run by $WIE (it lives in root's home?). Remove .venv and run this again" >&2
		zeg "with a python for everybody: PYTHON=/usr/bin/python3.11 deploy/install.sh" >&2
		exit 1
	}
fi

# seeds with nothing of the example region, and a key: made together, put where the units look for them
if [ ! -e "$SRV/seeds" ] || [ ! -e "$ETC/sleutel" ]; then
	klad=$(mktemp -d)
	"$PROGRAMMA" nieuw "$klad/regio" >/dev/null
	[ -e "$SRV/seeds" ] || cp -R "$klad/regio/seeds" "$SRV/seeds"
	eenmalig 0600 "$klad/regio/sleutel" "$ETC/sleutel"
	rm -rf "$klad"
fi
[ -n "$DESTDIR" ] || chown -R $WIE:$WIE "$SRV/seeds"

eenmalig 0600 "$BRON/deploy/regiomonitor.env.example" "$ETC/regiomonitor.env"
eenmalig 0600 "$BRON/dagster.yaml" "$SRV/dagster/dagster.yaml"
for unit in "$BRON"/deploy/systemd/*; do
	install -m 0644 "$unit" "$UNITS/"
done

if [ -z "$DESTDIR" ]; then
	if [ -d /run/systemd/system ]; then systemctl daemon-reload; fi
	# the data home is made here, on purpose; what is still missing in seeds and settings is named
	cd "$OPT"
	runuser -u $WIE -- sh -c "umask 077; set -a; . /etc/regiomonitor/regiomonitor.env; set +a; .venv/bin/regiomonitor controleer --maak" || true
fi

zeg ""
zeg "Fill in /srv/regiomonitor/seeds/ref_*.csv and /etc/regiomonitor/regiomonitor.env, keep a copy of"
zeg "/etc/regiomonitor/sleutel apart from the back-ups, mount the back-up disk on /mnt/backup/regiomonitor, then run"
zeg "this again until it says that nothing stops a run. Then:"
zeg "  systemctl enable --now regiomonitor-webserver regiomonitor-daemon regiomonitor-health"
zeg "  systemctl enable --now regiomonitor-alerts.timer regiomonitor-backup.timer"
