"""Names under which imported comments are shown, and how their owners come by them again.

A name stays unclaimed until somebody shows that it was theirs: by a link that the operator made
and sent, or by the old site's word. Who has shown that may take the comments over, or erase them.
"""
