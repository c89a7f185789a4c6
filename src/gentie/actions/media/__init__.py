"""Acts around pictures, audio and video, from the first byte to the contribution."""
