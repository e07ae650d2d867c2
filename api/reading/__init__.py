"""What programs read, and where they decide on images: views, the shapes of what they answer, their description."""
