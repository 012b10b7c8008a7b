# Sourced by up and down: the lab's own RabbitMQ and PostgreSQL, Debian's programs run directly, as their own users, on
# this machine's loopback and on its address in the lab.
# shellcheck shell=bash disable=SC2154  # set by lab.bash and the env file

# as USER FOLDER NAME=VALUE... COMMAND...: with nothing of our environment, and the working folder that marks it as ours.
as() {
    local user=$1 folder=$2
    shift 2
    $launch setpriv --reuid "$user" --regid "$user" --init-groups env -i -C "$folder" PATH="$PATH" LANG=C.UTF-8 HOME="$folder" "$@"
}

rabbitmq_up() {
    local folder=$lab/rabbitmq
    if port_answers 127.0.0.1 "$DROVER_AMQP_PORT"; then return; fi
    end_processes KILL service_pids rabbitmq "$folder"  # a node that does not answer, an epmd without a node
    install -d -o rabbitmq -g rabbitmq -m 700 "$folder"
    install -o rabbitmq -g rabbitmq -m 600 /dev/stdin "$folder/rabbitmq.conf" <<END
listeners.tcp.1 = 127.0.0.1:$DROVER_AMQP_PORT
listeners.tcp.2 = $subnet.1:$DROVER_AMQP_PORT
default_user = drover
default_pass = $password
default_user_tags.administrator = true
END
    install -o rabbitmq -g rabbitmq -m 600 /dev/stdin "$folder/enabled_plugins" <<<'[].'
    [[ -s $folder/.erlang.cookie ]] ||
        install -o rabbitmq -g rabbitmq -m 400 /dev/stdin "$folder/.erlang.cookie" <<<"$(head -c 24 /dev/urandom | base64)"

    # epmd is started here, or the node would start one as a daemon that outlives it.
    spawn "$lab/log/epmd" as rabbitmq "$folder" epmd -port "$epmd_port" -address 127.0.0.1
    until_true 10 port_answers 127.0.0.1 "$epmd_port" || { say "epmd did not start: see $lab/log/epmd" >&2; return 1; }
    spawn "$lab/log/rabbitmq" as rabbitmq "$folder" \
        ERL_EPMD_PORT="$epmd_port" ERL_EPMD_ADDRESS=127.0.0.1 RABBITMQ_DIST_PORT="$distribution_port" \
        RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS="-kernel inet_dist_use_interface {127,0,0,1}" \
        RABBITMQ_NODENAME="drover-$id@localhost" RABBITMQ_CONF_ENV_FILE=/dev/null \
        RABBITMQ_CONFIG_FILE="$folder/rabbitmq.conf" RABBITMQ_ENABLED_PLUGINS_FILE="$folder/enabled_plugins" \
        RABBITMQ_MNESIA_BASE="$folder/mnesia" RABBITMQ_LOG_BASE="$folder/log" RABBITMQ_PID_FILE="$folder/pid" \
        /usr/lib/rabbitmq/bin/rabbitmq-server
    until_true 60 port_answers 127.0.0.1 "$DROVER_AMQP_PORT" ||
        { say "RabbitMQ did not start: see $lab/log/rabbitmq and $folder/log" >&2; return 1; }
}

postgres_programs() { dirname "$(find /usr/lib/postgresql -path '*/bin/initdb' | sort -V | tail -n 1)"; }

postgres_up() {
    local folder=$lab/postgres programs
    programs=$(postgres_programs)
    if port_answers 127.0.0.1 "$DROVER_POSTGRES_PORT"; then return; fi
    install -d -o postgres -g postgres -m 700 "$folder" "$folder/socket"
    if [[ ! -e $folder/made ]]; then
        rm -rf "$folder/data"
        install -o postgres -g postgres -m 600 /dev/stdin "$folder/password" <<<"$password"
        as postgres "$folder" "$programs/initdb" --pgdata="$folder/data" --username=drover --pwfile="$folder/password" \
            --auth=scram-sha-256 --encoding=UTF8 --locale=C.UTF-8 --no-sync >>"$lab/log/postgres"
        cat >>"$folder/data/postgresql.conf" <<END
listen_addresses = '127.0.0.1,$subnet.1'
port = $DROVER_POSTGRES_PORT
unix_socket_directories = '$folder/socket'
max_connections = 200
dynamic_shared_memory_type = mmap
END
        echo "host all all $subnet.0/24 scram-sha-256" >>"$folder/data/pg_hba.conf"
        touch "$folder/made"
    fi
    # A killed server leaves children and lock files, and to kill -0 its zombie still lives. Here nobody of it does.
    end_processes QUIT service_pids postgres "$folder"
    rm -f "$folder/data/postmaster.pid" "$folder"/socket/.s.PGSQL.*
    # Its own IPC namespace: the shared memory goes with the server, however that ends.
    launch='unshare --ipc' as postgres "$folder" "$programs/pg_ctl" start --wait \
        --pgdata="$folder/data" --log="$folder/log" {lab_lock}<&- \
        >>"$lab/log/postgres" || { say "PostgreSQL did not start: see $folder/log" >&2; return 1; }
    [[ $(psql "${DROVER_POSTGRES_URL%/drover}/postgres" -Atc \
        "select count(*) from pg_database where datname = 'drover'") == 1 ]] ||
        psql "${DROVER_POSTGRES_URL%/drover}/postgres" -qc "create database drover"
}

services_down() {
    local folder=$lab/postgres
    end_processes QUIT service_pids postgres "$folder"
    end_processes TERM service_pids rabbitmq "$lab/rabbitmq"
}
