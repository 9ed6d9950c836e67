"""Alarm tuner in a real browser: sliders, keys, mouse and touch, and what is heard."""

import numpy as np
import pytest

from speechbook.widgets import AlarmTuner
from tests.teaching_pages import alarm_tuner, describe, settle


def test_counts_follow_threshold_mean_and_rest(show):
    page = show([alarm_tuner()])
    assert describe(page) == (
        "The score of “seven” over 1.3 minutes, a row a minute, with 3 wake words, 2 answered and 1 missed, "
        "and 1 false alarm."
    )
    outcome, trust, each = (page.locator(".sbw-readings p").nth(n) for n in range(3))
    assert outcome.inner_text().startswith("1 of 3 wake words missed (33\u00a0%); 1 false alarm. Half of the answers")
    assert trust.inner_text() == (
        "1 false alarm in 1.3 minutes: 45 an hour, and with 95\u00a0% confidence between 1.1 and 251."
    )
    assert each.inner_text() == "Missed at 1:15.0; false alarms at 0:03.5 (nine)."
    threshold = page.get_by_role("slider", name="Threshold")
    threshold.press("Home")
    settle(page)
    assert outcome.inner_text().startswith("0 of 3 wake words missed")
    threshold.press("End")
    settle(page)
    assert outcome.inner_text() == "3 of 3 wake words missed (100\u00a0%); 0 false alarms."
    assert each.inner_text() == "Missed at 0:01.0, 1:02.0, 1:15.0; no false alarm."
    page.get_by_role("button", name="Restore").click()
    settle(page)
    assert outcome.inner_text().startswith("1 of 3 wake words missed")
    page.get_by_role("slider", name="Mean of").press("End")
    settle(page)
    assert outcome.inner_text().startswith("3 of 3")
    assert page.get_by_role("slider", name="Mean of").get_attribute("aria-valuetext") == "12 outputs (0.48 s)"
    page.get_by_role("button", name="Restore").click()
    page.get_by_role("slider", name="Rest after an alarm").press("Home")
    settle(page)
    assert "missed (33\u00a0%); 1 false" not in outcome.inner_text(), "without a rest one word raises several alarms"
    curve = page.get_by_role("img").nth(1).get_attribute("aria-label")
    assert curve.startswith("Misses against false alarms an hour at 49 thresholds; at the present settings 33")


def test_places_are_chosen_from_the_list_and_heard(show):
    page = show([alarm_tuner()])
    settle(page)
    listen = page.get_by_label("Listen to")
    labels = ["0:01.5 “seven”", "0:03.3 “nine”", "0:19.8 no word", "1:02.5 “seven”", "1:15.5 “seven”"]
    assert listen.locator("option").all_inner_texts() == labels
    verdict = page.locator(".sbw-hear > .sbw-reading").first
    assert listen.input_value() == "1"
    listen.select_option("0")
    settle(page)
    assert verdict.inner_text() == "The wake word, answered 0.06 s before its end."
    expected = ["Not the wake word, but an alarm: a false one.", "Not the wake word, and no alarm."]
    for place, text in zip("12", expected, strict=True):
        listen.select_option(place)
        settle(page)
        assert verdict.inner_text() == text
    listen.select_option("4")
    settle(page)
    assert verdict.inner_text() == "The wake word, missed."
    page.get_by_role("button", name="Play").click()
    page.get_by_role("button", name="Stop").wait_for()
    page.get_by_role("button", name="Play").wait_for()


@pytest.mark.parametrize("touch", [False, True])
def test_a_click_on_the_track_plays_what_is_nearest(show, touch):
    page = show([alarm_tuner()], width=360, touch=touch)
    settle(page)
    track = page.locator(".sbw-track")
    place = {"x": track.bounding_box()["width"] * 0.4, "y": 110}  # second minute
    (track.tap if touch else track.click)(position=place)
    page.get_by_role("button", name="Stop").wait_for()
    assert page.get_by_label("Listen to").input_value() == "4"


def test_without_sound_there_is_nothing_to_play(show):
    tuner = alarm_tuner()
    times = tuner.first_second + tuner.step_seconds * np.arange(2000)
    page = show([AlarmTuner(tuner.probability, times, tuner._spoken, wake_word="seven", seconds=80)])
    settle(page)
    assert not page.get_by_label("Listen to").is_visible()
    page.locator(".sbw-track").click()
    assert not page.get_by_role("button", name="Stop").is_visible()
