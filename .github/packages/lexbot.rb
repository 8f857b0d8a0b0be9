# For a Homebrew tap: Formula/lexbot.rb.
class Lexbot < Formula
  desc "Command-line client for Lexer's Chatbot User API"
  homepage "@URL@"
  version "@VERSION@"
  license any_of: ["MIT", "Apache-2.0"]

  on_macos do
    on_arm do
      url "@URL@/releases/download/v@VERSION@/lexbot-@VERSION@-aarch64-apple-darwin.tgz"
      sha256 "@SHA256 lexbot-@VERSION@-aarch64-apple-darwin.tgz@"
    end
    on_intel do
      url "@URL@/releases/download/v@VERSION@/lexbot-@VERSION@-x86_64-apple-darwin.tgz"
      sha256 "@SHA256 lexbot-@VERSION@-x86_64-apple-darwin.tgz@"
    end
  end

  on_linux do
    on_arm do
      url "@URL@/releases/download/v@VERSION@/lexbot-@VERSION@-aarch64-unknown-linux-musl.tgz"
      sha256 "@SHA256 lexbot-@VERSION@-aarch64-unknown-linux-musl.tgz@"
    end
    on_intel do
      url "@URL@/releases/download/v@VERSION@/lexbot-@VERSION@-x86_64-unknown-linux-musl.tgz"
      sha256 "@SHA256 lexbot-@VERSION@-x86_64-unknown-linux-musl.tgz@"
    end
  end

  def install
    bin.install "lexbot"
    man1.install Dir["man/*.1"]
    bash_completion.install "completions/lexbot.bash" => "lexbot"
    zsh_completion.install "completions/_lexbot"
    fish_completion.install "completions/lexbot.fish"
    doc.install "THIRD-PARTY-LICENSES.txt"
  end

  test do
    assert_match "201 m_1 claimed", shell_output("#{bin}/lexbot sandbox -- lexbot claim --object-id m_1 --published-at now")
  end
end
