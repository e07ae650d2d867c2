"""Reports: the list, reading one, editing it, its versions, adding answers to it."""
