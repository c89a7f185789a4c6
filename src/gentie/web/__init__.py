"""HTTP. Translates requests into acts and values into JSON or pages; decides nothing."""
