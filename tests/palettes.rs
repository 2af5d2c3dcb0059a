//! With 16 colours the palette is the terminal's: what the view draws must be visible in the palettes that terminals
//! ship.

use geodescent::screen::style::Style;
use geodescent::screen::{Depth, Glyphs, Ground, Marker, Role, Theme};
use ratatui::style::{Color, Modifier};

/// WCAG 2.2, success criterion 1.4.11: graphics and large text.
const CONTRAST: f64 = 3.0;
/// For lines that only accompany: frames, grids, contours, of which each carries its value as text. Measured with what
/// xterm and VTE make of dim, two thirds of the colour; kitty, foot and the Linux console leave more.
const LINES: f64 = 2.0;
/// Least distance of two racers in Oklab × 100 where nothing but colour and glyph tells them apart.
const APART: f64 = 8.0;
/// The same where every colour is ours, and for eyes that lack one kind of cones, to which glyphs say more.
const CHOSEN: f64 = 12.0;
const DICHROMAT: f64 = 5.0;
/// Least distance of the older parts of two paths, each of which runs on into its racer's colour.
const PAST: f64 = 6.0;
/// As many racers as have colours of their own.
const RACERS: usize = 12;

/// A palette of sixteen with a ground and a foreground that go with it.
struct Palette {
    name: &'static str,
    ground: Ground,
    back: u32,
    front: u32,
    colors: [u32; 16],
}

/// xterm's XTerm-col.ad.
const XTERM: [u32; 16] = [
    0x00_0000, 0xcd_0000, 0x00_cd00, 0xcd_cd00, 0x00_00ee, 0xcd_00cd, 0x00_cdcd, 0xe5_e5e5, 0x7f_7f7f, 0xff_0000,
    0x00_ff00, 0xff_ff00, 0x5c_5cff, 0xff_00ff, 0x00_ffff, 0xff_ffff,
];
/// VTE without a palette of the application's (vte.cc, `set_colors`).
const VTE: [u32; 16] = [
    0x00_0000, 0xc0_0000, 0x00_c000, 0xc0_c000, 0x00_00c0, 0xc0_00c0, 0x00_c0c0, 0xc0_c0c0, 0x3f_3f3f, 0xff_3f3f,
    0x3f_ff3f, 0xff_ff3f, 0x3f_3fff, 0xff_3fff, 0x3f_ffff, 0xff_ffff,
];
/// GNOME Terminal's own since 3.36 (profile-editor.cc).
const GNOME: [u32; 16] = [
    0x17_1421, 0xc0_1c28, 0x26_a269, 0xa2_734c, 0x12_488b, 0xa3_47ba, 0x2a_a1b3, 0xd0_cfcc, 0x5e_5c64, 0xf6_6151,
    0x33_d17a, 0xe9_ad0c, 0x2a_7bde, 0xc0_61cb, 0x33_c7de, 0xff_ffff,
];
/// Tango, as in GNOME Terminal and Ubuntu (profile-editor.cc).
const TANGO: [u32; 16] = [
    0x2e_3436, 0xcc_0000, 0x4e_9a06, 0xc4_a000, 0x34_65a4, 0x75_507b, 0x06_989a, 0xd3_d7cf, 0x55_5753, 0xef_2929,
    0x8a_e234, 0xfc_e94f, 0x72_9fcf, 0xad_7fa8, 0x34_e2e2, 0xee_eeec,
];
/// Solarized by Ethan Schoonover (README, column TERMCOL): 8, 10, 11, 12 and 14 are its greys.
const SOLARIZED: [u32; 16] = [
    0x07_3642, 0xdc_322f, 0x85_9900, 0xb5_8900, 0x26_8bd2, 0xd3_3682, 0x2a_a198, 0xee_e8d5, 0x00_2b36, 0xcb_4b16,
    0x58_6e75, 0x65_7b83, 0x83_9496, 0x6c_71c4, 0x93_a1a1, 0xfd_f6e3,
];
/// Gruvbox by Pavel Pertsev, dark and light (colors/gruvbox.vim, `terminal_ansi_colors`).
const GRUVBOX_DARK: [u32; 16] = [
    0x28_2828, 0xcc_241d, 0x98_971a, 0xd7_9921, 0x45_8588, 0xb1_6286, 0x68_9d6a, 0xa8_9984, 0x92_8374, 0xfb_4934,
    0xb8_bb26, 0xfa_bd2f, 0x83_a598, 0xd3_869b, 0x8e_c07c, 0xeb_dbb2,
];
const GRUVBOX_LIGHT: [u32; 16] = [
    0xfb_f1c7, 0xcc_241d, 0x98_971a, 0xd7_9921, 0x45_8588, 0xb1_6286, 0x68_9d6a, 0x7c_6f64, 0x92_8374, 0x9d_0006,
    0x79_740e, 0xb5_7614, 0x07_6678, 0x8f_3f71, 0x42_7b58, 0x3c_3836,
];
/// Linux (drivers/tty/vt/vt.c, `default_red`, `default_grn`, `default_blu`).
const LINUX: [u32; 16] = [
    0x00_0000, 0xaa_0000, 0x00_aa00, 0xaa_5500, 0x00_00aa, 0xaa_00aa, 0x00_aaaa, 0xaa_aaaa, 0x55_5555, 0xff_5555,
    0x55_ff55, 0xff_ff55, 0x55_55ff, 0xff_55ff, 0x55_ffff, 0xff_ffff,
];

const fn palette(name: &'static str, ground: Ground, back: u32, front: u32, colors: [u32; 16]) -> Palette {
    Palette { name, ground, back, front, colors }
}

const PALETTES: [Palette; 14] = [
    palette("xterm, black", Ground::Dark, 0x00_0000, 0xff_ffff, XTERM),
    palette("xterm, white", Ground::Light, 0xff_ffff, 0x00_0000, XTERM),
    palette("VTE, black", Ground::Dark, 0x00_0000, 0xc0_c0c0, VTE),
    palette("VTE, white", Ground::Light, 0xff_ffff, 0x00_0000, VTE),
    palette("GNOME, dark", Ground::Dark, 0x17_1421, 0xd0_cfcc, GNOME),
    palette("GNOME, light", Ground::Light, 0xff_ffff, 0x17_1421, GNOME),
    palette("Tango, dark", Ground::Dark, 0x2e_3436, 0xd3_d7cf, TANGO),
    palette("Tango, light", Ground::Light, 0xee_eeec, 0x2e_3436, TANGO),
    palette("Ubuntu", Ground::Dark, 0x30_0a24, 0xff_ffff, TANGO),
    palette("Solarized dark", Ground::Dark, 0x00_2b36, 0x83_9496, SOLARIZED),
    palette("Solarized light", Ground::Light, 0xfd_f6e3, 0x65_7b83, SOLARIZED),
    palette("Gruvbox dark", Ground::Dark, 0x28_2828, 0xeb_dbb2, GRUVBOX_DARK),
    palette("Gruvbox light", Ground::Light, 0xfb_f1c7, 0x3c_3836, GRUVBOX_LIGHT),
    palette("Linux console", Ground::Dark, 0x00_0000, 0xaa_aaaa, LINUX),
];

fn linear(color: u32) -> [f64; 3] {
    [16, 8, 0].map(|shift| {
        let c = f64::from(color >> shift & 0xff) / 255.0;
        if c <= 0.040_45 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
    })
}

/// WCAG 2.2, "contrast ratio".
fn contrast(one: u32, other: u32) -> f64 {
    let luminance = |color| {
        let [r, g, b] = linear(color);
        0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05
    };
    let (one, other) = (luminance(one), luminance(other));
    one.max(other) / one.min(other)
}

/// Ottosson 2020.
fn oklab([r, g, b]: [f64; 3]) -> [f64; 3] {
    let l = (0.412_221_470_8 * r + 0.536_332_536_3 * g + 0.051_445_992_9 * b).cbrt();
    let m = (0.211_903_498_2 * r + 0.680_699_545_1 * g + 0.107_396_956_6 * b).cbrt();
    let s = (0.088_302_461_9 * r + 0.281_718_837_6 * g + 0.629_978_700_5 * b).cbrt();
    [
        0.210_454_255_3 * l + 0.793_617_785_0 * m - 0.004_072_046_8 * s,
        1.977_998_495_1 * l - 2.428_592_205_0 * m + 0.450_593_709_9 * s,
        0.025_904_037_1 * l + 0.782_771_766_2 * m - 0.808_675_766_0 * s,
    ]
}

/// A colour as it is seen without L, M or S cones: Machado, Oliveira & Fernandes 2009, table 1 at severity 1.
fn dichromat(color: u32, lacks: usize) -> [f64; 3] {
    const SEEN: [[[f64; 3]; 3]; 3] = [
        [[0.152_286, 1.052_583, -0.204_868], [0.114_503, 0.786_281, 0.099_216], [-0.003_882, -0.048_116, 1.051_998]],
        [[0.367_322, 0.860_646, -0.227_968], [0.280_085, 0.672_501, 0.047_413], [-0.011_820, 0.042_940, 0.968_881]],
        [[1.255_528, -0.076_749, -0.178_779], [-0.078_411, 0.930_809, 0.147_602], [0.004_733, 0.691_367, 0.303_900]],
    ];
    let rgb = linear(color);
    SEEN[lacks].map(|row| (0..3).map(|i| row[i] * rgb[i]).sum::<f64>().clamp(0.0, 1.0))
}

/// An entry of xterm's 256 colours (256colres.pl): a cube of six levels a channel, then greys.
fn xterm(entry: u8) -> u32 {
    let level = |i: u32| if i == 0 { 0 } else { 55 + 40 * i };
    match u32::from(entry) {
        grey @ 232.. => (8 + 10 * (grey - 232)) * 0x01_0101,
        cube => {
            let cube = cube - 16;
            level(cube / 36) << 16 | level(cube / 6 % 6) << 8 | level(cube % 6)
        }
    }
}

fn distance(one: u32, other: u32) -> f64 {
    apart(linear(one), linear(other))
}

fn apart(one: [f64; 3], other: [f64; 3]) -> f64 {
    let (one, other) = (oklab(one), oklab(other));
    100.0 * (0..3).map(|i| (one[i] - other[i]).powi(2)).sum::<f64>().sqrt()
}

fn style(palette: &Palette) -> Style {
    let theme = Theme { ground: palette.ground, depth: Depth::Ansi16 };
    Style { theme, marker: Marker::Braille, bold: false, glyphs: Glyphs::Any }
}

/// Every colour that a terminal with this palette may paint for a style: bold may brighten, dim may darken.
fn painted(palette: &Palette, style: ratatui::style::Style) -> Vec<u32> {
    let bold = style.add_modifier.contains(Modifier::BOLD);
    let mut colors = match style.fg {
        Some(Color::Indexed(n @ 0..8)) if bold => vec![n, n + 8].into_iter().map(usize::from).collect(),
        Some(Color::Indexed(n)) => vec![usize::from(n)],
        _ => Vec::new(),
    }
    .into_iter()
    .map(|n| palette.colors[n])
    .collect::<Vec<_>>();
    if colors.is_empty() {
        colors.push(palette.front);
    }
    if style.add_modifier.contains(Modifier::DIM) {
        let dim =
            |color: u32| [16, 8, 0].iter().fold(0, |all, shift| all | (((color >> shift) & 0xff) * 2 / 3) << shift);
        colors.extend(colors.clone().into_iter().map(dim));
    }
    colors
}

#[test]
fn texts_and_racers_are_seen_on_every_ground() {
    for palette in &PALETTES {
        let style = style(palette);
        let roles = [Role::Text, Role::Dim, Role::Focus, Role::Accent, Role::ContourLabel, Role::Mark];
        let bold = |style: ratatui::style::Style| style.add_modifier(Modifier::BOLD);
        let texts = roles.map(|role| (format!("{role:?}"), bold(style.role(role))));
        let plain = roles.map(|role| (format!("{role:?}"), style.role(role)));
        let racers = (0..RACERS).flat_map(|racer| {
            [style.theme.racer(racer, false), style.theme.racer(racer, true), style.racer_bold(racer)]
                .map(|style| (format!("racer {}", racer + 1), style))
        });
        for (name, style) in texts.into_iter().chain(plain).chain(racers) {
            assert_eq!(style.bg, None, "{name}: the ground is the terminal's");
            for color in painted(palette, style) {
                let ratio = contrast(color, palette.back);
                assert!(ratio >= CONTRAST, "{}: {name} #{color:06x} has contrast {ratio:.2}", palette.name);
            }
        }
    }
}

#[test]
fn lines_that_accompany_are_seen_as_well() {
    for palette in &PALETTES {
        for role in [Role::Faint, Role::Border, Role::Contour, Role::Soft] {
            for color in painted(palette, style(palette).role(role)) {
                let ratio = contrast(color, palette.back);
                assert!(ratio >= LINES, "{}: {role:?} #{color:06x} has contrast {ratio:.2}", palette.name);
            }
        }
    }
}

/// Every two racers.
fn pairs() -> impl Iterator<Item = (usize, usize)> {
    (0..RACERS).flat_map(|one| (0..one).map(move |other| (one, other)))
}

#[test]
fn twelve_racers_have_colours_of_their_own() {
    for ground in [Ground::Dark, Ground::Light] {
        // Where there are more than 256 colours, racers' are the same entries.
        let theme = Theme { ground, depth: Depth::Ansi256 };
        let color = |style: ratatui::style::Style| match style.fg {
            Some(Color::Indexed(entry)) => xterm(entry),
            other => panic!("{other:?} is no entry"),
        };
        let back = theme.ground().bg.map(|bg| color(ratatui::style::Style::new().fg(bg))).expect("a ground");
        let [now, past] =
            [false, true].map(|past| (0..RACERS).map(|i| color(theme.racer(i, past))).collect::<Vec<_>>());
        for (racer, own) in now.iter().enumerate() {
            assert!(contrast(*own, back) >= CONTRAST, "racer {} on {ground:?}", racer + 1);
            assert_eq!(theme.racer(racer, false), Theme { depth: Depth::True, ..theme }.racer(racer, false));
        }
        for (one, other) in pairs() {
            let names = format!("racers {} and {} on {ground:?}", one + 1, other + 1);
            let seen = distance(now[one], now[other]);
            assert!(seen >= CHOSEN, "{names}: {seen:.1} apart");
            for lacks in 0..3 {
                let seen = apart(dichromat(now[one], lacks), dichromat(now[other], lacks));
                assert!(seen >= DICHROMAT, "{names}: {seen:.1} apart without cones {lacks}");
            }
            let seen = distance(past[one], past[other]);
            assert!(seen >= PAST, "{names}: {seen:.1} apart in the past");
        }
    }
}

/// Beside their glyphs, which differ always.
#[test]
fn racers_differ_in_colour_or_in_dashes() {
    for palette in &PALETTES {
        let style = style(palette);
        let dashes = |racer: usize| (0..24).map(|i| style.dash(racer, i)).collect::<Vec<_>>();
        let color = |racer| painted(palette, style.theme.racer(racer, false))[0];
        for (one, other) in pairs() {
            let apart = distance(color(one), color(other));
            let told = apart >= APART || dashes(one) != dashes(other);
            assert!(told, "{}: racers {} and {} are {apart:.1} apart", palette.name, one + 1, other + 1);
        }
    }
}
