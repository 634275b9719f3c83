"""How gunicorn serves the dashboard; it reads this file from the folder it starts in.

Options on the command line win over what stands here.
"""

import os

from warehouse.settings import Settings

_settings = Settings.from_environment(os.environ)

wsgi_app = "app:create_server()"
bind = f"{_settings.host}:{_settings.port}"
# A worker computes each screen of a batch once for all its viewers; more workers mean
# more cores, and the same work once more in each.
workers = _settings.workers
worker_class = "gthread"
# Threads wait for the network; what they compute, DuckDB computes outside the lock.
threads = 16
# Each open page keeps a connection: a thousand walls and their executives.
worker_connections = 4000
# DuckDB's files are opened by each worker for itself: nothing may be open at a fork.
preload_app = False
# Longer than a proxy keeps a connection idle would be a race; shorter is a reconnect.
keepalive = 75
# On a reload the old workers finish what they have begun, a PDF included.
graceful_timeout = 60
timeout = 120
# Walls come back all at once after an outage.
backlog = 2048
# A socket in the home directory that nobody has asked for.
control_socket_disable = True
# What a heartbeat file on a slow disk would stall.
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: S108
loglevel = "warning"
