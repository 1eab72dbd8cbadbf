"""What the template tags are made of: formats and the geometry of small charts."""
