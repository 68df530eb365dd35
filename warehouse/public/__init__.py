"""How the public tier is made from the analyst tier: numbered SQL files, run in order.

Inside them the finished analyst tier is called ``analyst`` and the new file ``public``. They may use the
temporary table ``coarse_places`` (the public place of each place), and the macros ``looks_personal`` and
``speaks_of_minors``, all made from ``warehouse/privacy.py``. The rules are those of the codebook.
"""
