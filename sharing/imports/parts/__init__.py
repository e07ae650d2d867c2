"""What an archive of a whole team holds besides its conversations, each kind in a module of its own."""
