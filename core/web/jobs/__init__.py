"""Jobs that outlive a request: done by a worker in every web process, each by one process, which holds its lease."""
