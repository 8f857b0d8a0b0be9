//! The system's errors in the words of the rest: "permission denied", without a number or a capital.

use std::io;

/// What `error` says, fit to follow "cannot read FILE: ".
pub(crate) fn reason(error: &io::Error) -> String {
    let text = error.to_string();
    let text = text
        .split_once(" (os error ")
        .map_or(text.as_str(), |(words, _)| words);
    let mut characters = text.chars();
    characters.next().map_or_else(String::new, |first| {
        first.to_lowercase().chain(characters).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::reason;
    use std::io;

    #[test]
    #[cfg(unix)]
    fn the_systems_words_without_its_number() {
        assert_eq!(
            reason(&io::Error::from_raw_os_error(13)),
            "permission denied"
        );
    }

    #[test]
    fn other_errors_stay_as_they_are() {
        assert_eq!(
            reason(&io::Error::other("the disk is on fire")),
            "the disk is on fire"
        );
        assert_eq!(reason(&io::Error::other("")), "");
    }
}
