"""The composer: what it begins with, and its pieces that change while somebody sets them."""
