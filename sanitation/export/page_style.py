"""The style of the printable page: A4 portrait, black and grey, Chinese fonts of any system."""

# Of the drawing itself, wherever it stands.
MAP_STYLE = """.map .net{fill:none;stroke:#bbb;stroke-width:1.3}
.map .trv{fill:none;stroke:#000;stroke-width:1.2;stroke-dasharray:5 4}
.map .srv{fill:none;stroke:#555;stroke-width:3.6;stroke-linejoin:round}
.map .arw{fill:#000;stroke:#fff;stroke-width:.6}
.map .bar{fill:none;stroke:#000;stroke-width:1.6}
.map text{font-family:"Noto Sans CJK SC","Microsoft YaHei","PingFang SC","SimSun",sans-serif;
text-anchor:middle;font-size:11px;paint-order:stroke;stroke:#fff;stroke-width:3px}
.map .num{font-weight:700}
.map .led{fill:none;stroke:#000;stroke-width:.8}
.map .str{font-size:12px;fill:#333}
.map .grey{font-size:12px;fill:#777}
.map .scl{text-anchor:start}
.map .mark rect{fill:#fff;stroke:#000;stroke-width:1.6}
.map .mark text{font-weight:700;stroke:none}
.map .dark rect{fill:#000}
.map .dark text{fill:#fff}
.map .site{fill:#000;stroke:#fff;stroke-width:1}
"""

STYLE = (
    MAP_STYLE
    + """
@page{size:A4 portrait;margin:8mm}
*{box-sizing:border-box}
body{margin:0;background:#ddd;color:#000;font:9pt/1.22 "Noto Sans CJK SC","Microsoft YaHei",
"PingFang SC","SimSun",sans-serif;-webkit-print-color-adjust:exact;print-color-adjust:exact}
nav,.sheet-page{width:210mm;margin:6mm auto;padding:8mm;background:#fff}
nav h1{margin:0 0 3mm;font-size:16pt}
nav h2{margin:5mm 0 1mm;font-size:12pt}
nav table{width:100%}
nav a{color:#000}
table{border-collapse:collapse;table-layout:fixed;width:100%}
.rows{width:193.6mm}
th,td{border:.25mm solid #444;padding:.5mm .7mm;text-align:left;vertical-align:middle;
overflow-wrap:anywhere}
th{background:#ddd;font-weight:700;text-align:center}
.top{display:flex;align-items:center;gap:3mm;height:9mm}
.top>*{white-space:nowrap;flex:none}
.top h3{margin:0;font-size:14pt}
.top .what{flex:1 1 0;min-width:0;line-height:1.15}
.top .what span{display:block;overflow:hidden;text-overflow:ellipsis}
.top .what b{font-size:11pt}
.top .who{font-weight:700}
.top .mark{border:.4mm solid #000;padding:0 1.5mm;font-weight:700}
.top .page{margin-left:auto;font-size:10pt;font-weight:700}
.order{margin-bottom:1.5mm}
.order td{height:6.4mm;padding:0 .7mm}
.order td.k{background:#eee;width:33mm}
.order td.v{font-size:10pt;font-weight:500}
.order td.small{font-size:9pt;line-height:1}
.rows thead th{height:9mm;font-size:8.5pt;padding:.3mm}
.rows td{height:8.4mm;line-height:1.1;padding:.3mm .7mm}
.rows .c{text-align:center}
.rows .r{text-align:right}
.rows .road{display:block;font-size:10pt;font-weight:700}
.rows .id{font-size:8pt;color:#222}
.rows .t{font-weight:700;text-align:center}
.rows tr.o td{background:#e6e6e6}
.rows tr.o td.w{background:#fff}
.rows .kind{display:inline-block;font-size:8.5pt;line-height:1.1;
border:.3mm solid #000;background:#fff;padding:0 1mm;margin-right:1mm;font-weight:700}
.tail{margin-top:2mm}
.tail td{height:8mm}
.tail td.k{background:#eee;font-weight:700;width:26mm}
.tail td.sum{font-size:10.5pt;text-align:center}
.tail td.sum b{display:block}
.tail tr.blank td{height:13mm}
.tail .rule{margin:1mm 0 0;font-weight:700}
.map{display:block;margin:2mm auto 0;border:.3mm solid #444;background:#fff}
.legend{margin:.6mm 0 0;font-size:8pt;height:4mm}
@media print{body{background:#fff}nav{display:none}
.sheet-page{width:194mm;margin:0;padding:0;break-after:page;break-inside:avoid}
.sheet-page:last-child{break-after:auto}}
"""
)

SITE_STYLE = """.rows .load{font-size:10pt;font-weight:700}
"""
