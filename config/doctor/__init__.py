"""What `manage.py doctor` looks at: the key, the services, the address that people use."""
