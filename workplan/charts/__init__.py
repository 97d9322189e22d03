"""Pictures of figures as inline SVG drawn on the server: no script, no inline style, readable without colour.

Each function takes plain values with the words to show for them, and gives a `Chart`: the drawing and its table.
"""

from workplan.charts.bars import bars, funnel
from workplan.charts.data import Bar, Cell, Chart, PlaceValue, Row, Series, Shape, Tile
from workplan.charts.grid import gantt, strip
from workplan.charts.lines import lines
from workplan.charts.maps import region_map, tile_map

__all__ = [
    "Bar",
    "Cell",
    "Chart",
    "PlaceValue",
    "Row",
    "Series",
    "Shape",
    "Tile",
    "bars",
    "funnel",
    "gantt",
    "lines",
    "region_map",
    "strip",
    "tile_map",
]
