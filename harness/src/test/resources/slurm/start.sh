#!/bin/sh
# A Slurm of one node with two processors and two pretended GPUs, for this user and this machine alone:
#
#   start.sh DIR    says "ready" once it takes jobs; ends when its standard input does
#
# Clients find it by SLURM_CONF=DIR/slurm.conf. Debian's packages: slurmctld slurmd slurm-client munge
# slurm-wlm-basic-plugins. Everything lies in DIR, whose path must be short (a socket's may have 107 bytes). munged is
# forced, as DIR may be closed to others.
set -eu
PATH=$PATH:/usr/sbin:/sbin
dir=$1
host=$(hostname -s)
user=$(id -un)
port=$((20000 + $$ % 20000))

mkdir -p "$dir/munge" "$dir/state" "$dir/n1" "$dir/log" "$dir/fake"
chmod 711 "$dir/munge"
dd if=/dev/urandom of="$dir/munge/key" bs=128 count=1 2> /dev/null
chmod 600 "$dir/munge/key"
ln -s /dev/null "$dir/fake/gpu0"
ln -s /dev/null "$dir/fake/gpu1"
echo "Name=gpu File=$dir/fake/gpu[0-1]" > "$dir/gres.conf"
cat > "$dir/slurm.conf" << CONF
ClusterName=t
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=$port
SlurmUser=$user
SlurmdUser=$user
AuthType=auth/munge
AuthInfo=socket=$dir/munge/sock
CredType=cred/munge
CommunicationParameters=NoInAddrAny,NoCtldInAddrAny
StateSaveLocation=$dir/state
SlurmdSpoolDir=$dir/%n/spool
SlurmctldPidFile=$dir/slurmctld.pid
SlurmdPidFile=$dir/%n/slurmd.pid
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SchedulerParameters=sched_interval=1,bf_interval=1,batch_sched_delay=0,sched_min_interval=0
JobCompType=jobcomp/filetxt
JobCompLoc=$dir/log/jobcomp.txt
MailProg=/bin/true
ReturnToService=2
KillWait=15
SlurmdParameters=config_overrides
SlurmdTimeout=10
GresTypes=gpu
NodeName=n1 NodeHostname=$host NodeAddr=127.0.0.1 Port=$((port + 1)) CPUs=2 RealMemory=1024 Gres=gpu:2
PartitionName=p Nodes=ALL Default=YES MaxTime=60 State=UP
CONF
export SLURM_CONF="$dir/slurm.conf"

munged -F --force --key-file "$dir/munge/key" --socket "$dir/munge/sock" --pid-file "$dir/munge/pid" \
  --log-file "$dir/log/munged" --seed-file "$dir/munge/seed" < /dev/null > "$dir/log/munged.out" 2>&1 &
munged=$!
slurmctld=
slurmd=
# In this order: a step of a job, and slurmd, wait for a controller that is gone, and all for munged.
stop() {
  timeout 10 scancel --user="$user" || true
  tries=0
  while [ -n "$(timeout 10 squeue -h 2> /dev/null)" ] && [ $tries -lt 100 ]; do
    tries=$((tries + 1))
    sleep 0.1
  done
  for daemon in $slurmd $slurmctld $munged; do
    kill "$daemon" 2> /dev/null || true
    tries=0
    while kill -0 "$daemon" 2> /dev/null && [ $tries -lt 50 ]; do
      tries=$((tries + 1))
      sleep 0.1
    done
    kill -9 "$daemon" 2> /dev/null || true
  done
}
trap stop EXIT
trap 'exit 143' TERM INT

# Waits, 20 seconds at most, until a command says something.
await() {
  tries=0
  until [ -n "$("$@" 2> /dev/null)" ]; do
    tries=$((tries + 1))
    [ $tries -lt 200 ] || { echo "waited in vain: $*"; tail -n 5 "$dir"/log/*; exit 1; }
    sleep 0.1
  done
}

await ls "$dir/munge/sock"
slurmctld -D -c -f "$SLURM_CONF" < /dev/null > "$dir/log/slurmctld" 2>&1 &
slurmctld=$!
slurmd -D -f "$SLURM_CONF" -N n1 < /dev/null > "$dir/log/slurmd" 2>&1 &
slurmd=$!
await timeout 5 sinfo -h -N -t idle
echo ready
cat > /dev/null
