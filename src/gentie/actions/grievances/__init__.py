"""Acts of people who object: reports and appeals."""
