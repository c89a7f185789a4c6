"""Acts that keep the service going: the operator's and the service's own."""
