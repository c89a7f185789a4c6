"""Sound and video that want something else than to be heard and seen, each made here and named."""

from collections.abc import Callable
from fractions import Fraction
from io import BytesIO
from struct import pack

import av
from av.video.codeccontext import VideoCodecContext
from av.video.stream import VideoStream

from tests.media.scrubbing.build import a_picture
from tests.media.scrubbing.recorded import (
    EBML,
    FTYP,
    a_frame,
    a_sound,
    a_video,
    a_wav,
    box,
    element,
)

EVIL = b"<script>EVIL()</script>"
SEGMENT, INFO, TRACKS, CLUSTER = 0x18538067, 0x1549A966, 0x1654AE6B, 0x1F43B675
SECRET = "file:///etc/passwd"


def boxes_within_boxes() -> bytes:
    body = b""
    for _ in range(5000):
        body = box(b"moov", body)
    return FTYP + body


def a_box_of_negative_size() -> bytes:
    return FTYP + pack(">I", 1) + b"moov" + pack(">q", -64) + bytes(200)


def boxes_of_no_size_that_never_end() -> bytes:
    return FTYP + box(b"moov", size=0) + box(b"trak", size=0) * 100_000


def a_million_empty_boxes() -> bytes:
    return FTYP + box(b"free") * 1_000_000


def a_track_of_a_thousand_million_samples() -> bytes:
    data = a_video(sound="aac")
    at = data.index(b"stsz") + 12
    return data[:at] + pack(">I", 1_000_000_000) + data[at + 4 :]


def a_video_whose_pictures_are_in_another_file() -> bytes:
    data = a_video()
    at = data.index(b"url \x00\x00\x00\x01")
    return data[: at + 4] + b"\x00\x00\x00\x00" + data[at + 8 :].replace(b"free", b"file")


def a_video_without_its_index() -> bytes:
    data = a_video()
    return data[: data.index(b"moov") - 4]


def an_element_of_enormous_size() -> bytes:
    return EBML + element(SEGMENT, element(INFO, b"", size=(1 << 56) - 2))


def elements_within_elements() -> bytes:
    body = b""
    for _ in range(3000):
        body = element(TRACKS, body)
    return EBML + element(SEGMENT, body)


def clusters_without_end() -> bytes:
    return EBML + element(SEGMENT, element(CLUSTER) * 50_000, size=(1 << 56) - 1)


def a_wav_of_four_gigabytes_in_sixteen_thousand_bytes() -> bytes:
    return a_wav(claims=0xFFFFFFFE)


def a_wav_at_no_speed() -> bytes:
    return a_wav(rate=0)


def a_wav_of_sixty_thousand_channels() -> bytes:
    return a_wav(channels=60_000)


def an_ogg_without_an_end() -> bytes:
    data = a_sound("ogg", "libopus", seconds=4)
    return data[: len(data) * 2 // 3]


def an_ogg_of_nothing_but_beginnings() -> bytes:
    return a_sound("ogg", "libopus", seconds=0.1)[:47] * 20_000


def a_song_with_a_label_of_two_hundred_megabytes() -> bytes:
    return b"ID3\x04\x00\x00" + b"\x64\x00\x00\x00" + a_sound()


def a_song_with_a_label_that_is_that_long() -> bytes:
    return b"ID3\x04\x00\x00" + b"\x64\x00\x00\x00" + bytes(201 * 2**20)


def a_playlist() -> bytes:
    return f"#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n{SECRET}\n#EXT-X-ENDLIST\n".encode()


def a_list_of_files() -> bytes:
    return f"ffconcat version 1.0\nfile '{SECRET}'\n".encode()


def another_list_of_files() -> bytes:
    return f"file {SECRET}\nfile /etc/hostname\n".encode()


def a_list_for_players() -> bytes:
    return f"[playlist]\nFile1={SECRET}\n".encode()


def a_description_of_a_call() -> bytes:
    return b"v=0\no=- 0 0 IN IP4 127.0.0.1\nm=video 9 RTP/AVP 96\n"


def a_playlist_that_begins_like_a_song() -> bytes:
    return b"ID3\x04\x00\x00\x00\x00\x00\x00" + a_playlist()


def a_playlist_inside_a_video() -> bytes:
    return FTYP + box(b"mdat", a_playlist()) + a_playlist()


def ten_hours_at_one_picture_a_second() -> bytes:
    return a_video(times=[0.0, 1.0, 36_000.0])


def ten_hours_that_say_nothing_of_their_length() -> bytes:
    return a_video("webm", "libvpx", times=[0.0, 1.0, 36_000.0], options={"live": "1"})


def a_video_sixteen_thousand_wide() -> bytes:
    return a_video(size=(16_000, 16), times=[0.0])


def a_recording_of_ninety_tracks() -> bytes:
    return a_sound("matroska", "pcm_s16le", seconds=0.01, tracks=90)


def a_recording_of_more_tracks_than_are_read() -> bytes:
    return a_sound("matroska", "pcm_s16le", seconds=0.01, tracks=120)


def a_codec_that_nobody_uses() -> bytes:
    return a_video("matroska", "ffv1")


def pictures_that_change_their_size() -> bytes:
    """A track that says 96 by 64, and after a second is 160 by 160."""
    return _sizes((96, 64), (160, 160))


def pictures_that_become_enormous() -> bytes:
    return _sizes((96, 64), (8000, 64))


def _sizes(*sizes: tuple[int, int]) -> bytes:
    held = BytesIO()
    with av.open(held, "w", format="webm") as target:
        stream = target.add_stream("libvpx", rate=10)
        assert isinstance(stream, VideoStream)
        stream.width, stream.height = sizes[0]
        stream.pix_fmt = "yuv420p"
        target.start_encoding()
        for number, size in enumerate(sizes):
            context = VideoCodecContext.create("libvpx", "w")
            context.width, context.height, context.pix_fmt = *size, "yuv420p"
            context.time_base = Fraction(1, 1000)
            for packet in (*context.encode(a_frame(0, number, size)), *context.encode(None)):
                packet.stream = stream
                target.mux(packet)
    return held.getvalue()


def a_clock_that_runs_backwards() -> bytes:
    return a_video("webm", "libvpx", times=[0.0, 1.0, 2.0]).replace(
        b"\xe7\x81\x00", b"\xe7\x81\x7f"
    )


def a_song_with_a_cover_and_a_label() -> bytes:
    """The cover is a picture with a program behind it."""
    cover = b"\x00image/png\x00\x03\x00" + a_picture("PNG") + EVIL
    title = b"\x00EVIL title"
    frames = b"".join(
        name + pack(">I", len(body)) + b"\x00\x00" + body
        for name, body in ((b"TIT2", title), (b"APIC", cover))
    )
    size = bytes(len(frames) >> shift & 127 for shift in (21, 14, 7, 0))
    return b"ID3\x03\x00\x00" + size + frames + a_sound()


def a_song_that_says_who_made_it() -> bytes:
    return a_sound("flac", "flac", title="EVIL title", comment="EVIL comment")


def a_video_that_is_a_page() -> bytes:
    return a_video() + box(b"free", EVIL) + b"<html>" + EVIL


def a_film_of_an_old_kind() -> bytes:
    return a_video("avi", "mpeg4")


def a_broadcast() -> bytes:
    return a_video("mpegts", "libx264")


def a_flac_of_a_day() -> bytes:
    data = bytearray(a_sound("flac", "flac"))
    data[21:26] = bytes((data[21] | 0x0F, 0xFF, 0xFF, 0xFF, 0xFF))
    return bytes(data)


def noise_behind_a_good_start() -> bytes:
    data = a_video("webm", "libvpx", seconds=3)
    noise = bytes(at * 89 % 251 for at in range(len(data)))
    return data[:600] + noise[600:]


FILES: dict[Callable[[], bytes], str] = {
    boxes_within_boxes: "media-broken",
    a_box_of_negative_size: "media-broken",
    boxes_of_no_size_that_never_end: "media-broken",
    a_million_empty_boxes: "media-broken",
    a_track_of_a_thousand_million_samples: "media-broken",
    a_video_whose_pictures_are_in_another_file: "video",
    a_video_without_its_index: "media-broken",
    an_element_of_enormous_size: "media-broken",
    elements_within_elements: "media-broken",
    clusters_without_end: "media-broken",
    a_wav_of_four_gigabytes_in_sixteen_thousand_bytes: "audio",
    a_wav_at_no_speed: "media-broken",
    a_wav_of_sixty_thousand_channels: "media-broken",
    an_ogg_without_an_end: "audio",
    an_ogg_of_nothing_but_beginnings: "media-broken",
    a_song_with_a_label_of_two_hundred_megabytes: "media-broken",
    a_song_with_a_label_that_is_that_long: "media-bytes",
    a_playlist: "media-playlist",
    a_list_of_files: "media-playlist",
    another_list_of_files: "media-playlist",
    a_list_for_players: "media-playlist",
    a_description_of_a_call: "media-kind",
    a_playlist_that_begins_like_a_song: "media-broken",
    a_playlist_inside_a_video: "media-broken",
    ten_hours_at_one_picture_a_second: "media-length",
    ten_hours_that_say_nothing_of_their_length: "media-length",
    a_video_sixteen_thousand_wide: "media-pixels",
    a_recording_of_ninety_tracks: "media-streams",
    a_recording_of_more_tracks_than_are_read: "media-streams",
    a_codec_that_nobody_uses: "media-codec",
    pictures_that_change_their_size: "video",
    pictures_that_become_enormous: "media-pixels",
    a_clock_that_runs_backwards: "video",
    a_song_with_a_cover_and_a_label: "audio",
    a_song_that_says_who_made_it: "audio",
    a_video_that_is_a_page: "video",
    a_film_of_an_old_kind: "media-kind",
    a_broadcast: "media-kind",
    a_flac_of_a_day: "media-length",
    noise_behind_a_good_start: "video",
}
