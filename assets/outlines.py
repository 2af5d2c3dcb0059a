#!/usr/bin/env python3
"""Writes the outlines of some characters of a TrueType font, for src/export/screen/font.rs.

    python3 outlines.py DejaVuSansMono.ttf plain.outlines
    python3 outlines.py DejaVuSansMono-Bold.ttf bold.outlines

needs fonttools. The file, little-endian: the number of characters (u16); for each, sorted, its code (u32) and where its
outline begins (u32, from the start of the file); the outlines. An outline: the number of contours (u8); for each, the
number of points (u8), their on-curve bits (lowest first), the points (x and y, u8). Units are 255ths of the distance from
descent to ascent; y is counted up from the descent, x from 40 units left of the origin.
"""

import struct
import sys

from fontTools.pens.recordingPen import DecomposingRecordingPen
from fontTools.ttLib import TTFont

RANGES = [(0x20, 0x7E), (0xA0, 0x17F), (0x391, 0x3C9), (0x410, 0x44F)]
SIGNS = (
    "−²∂′ψ√Γ⁻‖φ¹δ×ᵢ½·₁₀π∫ᵀαₖ″…Σⱼ─←κΔ³≥₂λ≤τη→ν§∇–ωᵏ↑θβ▌↓±μₐᵦσⁿ⁴ρ○∞ᵣεγ✗✓◇▾⇒ʲ°⟩⟨▸ₜₙ₋ⁱ•ᵗχΦ✕●◎⊗≠∓₃ḡᵛᵈᵃΠʳ✚☆★◆◂▽▼△▲□■⊙∼∮∘∈"
    "⇙⇘⇗⇖⇓⇑⇐↙↘↗↖€₊₄⁾⁽⁸⁶⁵⁰„”“’‘—ᶜᵇᵅξˣ«»ℓ↔⇔↦∀∃∅∉∋∏∑∝∧∨∩∪≈≡≪≫⊂⊃⊆⊇⊕⊥ℝℕℤℂ⁷⁹⁺₅₆₇₈₉₌₍₎⁼†‡‰⟦⟧◦▪▫◊◁▷◀▶▴▿◃▹◉✔✖✘⊤⋅⋆"
    "⌈⌉⌊⌋¬ϑϕϖϵЁё\u0302\u0303\u0304\u0305\ufffd"
)


def contours(font, name):
    """The contours of a glyph as lists of (x, y, on-curve)."""
    pen = DecomposingRecordingPen(font.getGlyphSet())
    font.getGlyphSet()[name].draw(pen)
    found = []
    for operator, points in pen.value:
        if operator == "moveTo":
            found.append([(*points[0], True)])
        elif operator == "lineTo":
            found[-1].append((*points[0], True))
        elif operator == "qCurveTo":
            if points[-1] is None:
                found.append([])
            found[-1] += [(*point, False) for point in points[:-1]]
            if points[-1] is not None:
                found[-1].append((*points[-1], True))
    for contour in found:
        if len(contour) > 1 and contour[0] == contour[-1]:
            contour.pop()
    return found


def outline(font, name):
    ascent, descent = font["hhea"].ascent, font["hhea"].descent
    unit = (ascent - descent) / 255
    byte = lambda value: min(max(round(value), 0), 255)
    parts = contours(font, name)
    data = bytes([len(parts)])
    for points in parts:
        bits = sum(int(on) << i for i, (_, _, on) in enumerate(points))
        data += bytes([len(points)]) + bits.to_bytes((len(points) + 7) // 8, "little")
        data += bytes(byte(value) for x, y, _ in points for value in (x / unit + 40, (y - descent) / unit))
    return data


def main(source, target):
    font = TTFont(source)
    names = font.getBestCmap()
    codes = {code for first, last in RANGES for code in range(first, last + 1)} | {ord(sign) for sign in SIGNS}
    codes = sorted(code for code in codes if code in names)
    start, table, data, seen = 2 + 8 * len(codes), b"", b"", {}
    for code in codes:
        drawn = outline(font, names[code])
        if drawn not in seen:
            seen[drawn] = start + len(data)
            data += drawn
        table += struct.pack("<II", code, seen[drawn])
    with open(target, "wb") as file:
        file.write(struct.pack("<H", len(codes)) + table + data)


main(*sys.argv[1:])
