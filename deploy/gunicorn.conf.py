"""The application server of `make run` and of the service unit;
HOST and PORT come from the environment.
"""

import os

bind = f"{os.environ.get('HOST', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
worker_class = "gthread"
workers = 2
threads = 4
timeout = 60
# No socket in somebody's home: the service is steered by signals.
control_socket_disable = True
