# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_lexbot_global_optspecs
    string join \n h/help V/version
end

function __fish_lexbot_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_lexbot_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_lexbot_using_subcommand
    set -l cmd (__fish_lexbot_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c lexbot -n "__fish_lexbot_needs_command" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c lexbot -n "__fish_lexbot_needs_command" -s V -l version -d 'Print version'
complete -c lexbot -n "__fish_lexbot_needs_command" -f -a "claim" -d 'Claim and close messages the bot is handling'
complete -c lexbot -n "__fish_lexbot_needs_command" -f -a "echo" -d 'Mark messages as sent by the bot'
complete -c lexbot -n "__fish_lexbot_needs_command" -f -a "relay" -d 'Claim and echo from one stream of webhooks'
complete -c lexbot -n "__fish_lexbot_needs_command" -f -a "check" -d 'Test token, client ID and base URL without touching any message'
complete -c lexbot -n "__fish_lexbot_needs_command" -f -a "config" -d 'Store the token, change and show the settings'
complete -c lexbot -n "__fish_lexbot_needs_command" -f -a "sandbox" -d 'Run a local stand-in for the Lexer API; with -- COMMAND, run COMMAND against it'
complete -c lexbot -n "__fish_lexbot_needs_command" -f -a "completions" -d 'Print the completions for a shell'
complete -c lexbot -n "__fish_lexbot_using_subcommand claim" -l object-id -d 'The Messenger message ID, message.mid in a webhook' -r -f
complete -c lexbot -n "__fish_lexbot_using_subcommand claim" -l published-at -d 'When it was sent: epoch milliseconds, ISO 8601 with an offset, or "now"' -r -f
complete -c lexbot -n "__fish_lexbot_using_subcommand claim" -l account-id -d 'The Facebook page ID [env: LEXBOT_ACCOUNT_ID]' -r -f
complete -c lexbot -n "__fish_lexbot_using_subcommand claim" -l source -d 'Where it comes from [default: facebook]' -r -f -a "facebook\t''"
complete -c lexbot -n "__fish_lexbot_using_subcommand claim" -s i -l input -d 'Read messages from FILE, or from standard input if it is "-"' -r -F
complete -c lexbot -n "__fish_lexbot_using_subcommand claim" -l state -d 'The message\'s new state [default: closed]' -r -f -a "closed\t''"
complete -c lexbot -n "__fish_lexbot_using_subcommand claim" -l rate -d 'At most R requests per second; 0: no limit [default: 10]' -r -f
complete -c lexbot -n "__fish_lexbot_using_subcommand claim" -s j -l jobs -d 'Maximum number of concurrent requests' -r -f
complete -c lexbot -n "__fish_lexbot_using_subcommand claim" -l journal -d 'Append results to FILE; skip messages it records as accepted or handed over' -r -F
complete -c lexbot -n "__fish_lexbot_using_subcommand claim" -s p -l profile -d 'The profile in the configuration file [env: LEXBOT_PROFILE]' -r -f
complete -c lexbot -n "__fish_lexbot_using_subcommand claim" -l config -d 'The configuration file [env: LEXBOT_CONFIG]' -r -F
complete -c lexbot -n "__fish_lexbot_using_subcommand claim" -l base-url -d 'The API\'s base URL [env: LEXBOT_BASE_URL]' -r -f
complete -c lexbot -n "__fish_lexbot_using_subcommand claim" -l client-id -d 'The client ID, shown beside the token in Lexer [env: LEXBOT_CLIENT_ID]' -r -f
complete -c lexbot -n "__fish_lexbot_using_subcommand claim" -l timeout -d 'How many seconds to wait for a response [default: 30]' -r -f
complete -c lexbot -n "__fish_lexbot_using_subcommand claim" -l retries -d 'How often to try again when there was no final response' -r -f
complete -c lexbot -n "__fish_lexbot_using_subcommand claim" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c lexbot -n "__fish_lexbot_using_subcommand claim" -l handed-over -d 'Don\'t claim messages of the customers in FILE: a person has taken over' -r -F
complete -c lexbot -n "__fish_lexbot_using_subcommand claim" -l no-validate -d 'Send each JSON value as it is, without validation'
complete -c lexbot -n "__fish_lexbot_using_subcommand claim" -l standby -d 'Take webhook events in standby, too: for a bot that only listens there'
complete -c lexbot -n "__fish_lexbot_using_subcommand claim" -l dry-run -d 'Print the bodies that would be sent, one per line, and send nothing'
complete -c lexbot -n "__fish_lexbot_using_subcommand claim" -l curl -d 'Print curl commands that would do the same, and send nothing'
complete -c lexbot -n "__fish_lexbot_using_subcommand claim" -l json -d 'Print each result as JSON, one object per line'
complete -c lexbot -n "__fish_lexbot_using_subcommand claim" -s q -l quiet -d 'Print failures only'
complete -c lexbot -n "__fish_lexbot_using_subcommand claim" -s v -l verbose -d 'Print each request and response on standard error, the token redacted'
complete -c lexbot -n "__fish_lexbot_using_subcommand claim" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c lexbot -n "__fish_lexbot_using_subcommand echo" -l object-id -d 'The Messenger message ID, message.mid in a webhook' -r -f
complete -c lexbot -n "__fish_lexbot_using_subcommand echo" -l published-at -d 'When it was sent: epoch milliseconds, ISO 8601 with an offset, or "now"' -r -f
complete -c lexbot -n "__fish_lexbot_using_subcommand echo" -l account-id -d 'The Facebook page ID [env: LEXBOT_ACCOUNT_ID]' -r -f
complete -c lexbot -n "__fish_lexbot_using_subcommand echo" -l source -d 'Where it comes from [default: facebook]' -r -f -a "facebook\t''"
complete -c lexbot -n "__fish_lexbot_using_subcommand echo" -s i -l input -d 'Read messages from FILE, or from standard input if it is "-"' -r -F
complete -c lexbot -n "__fish_lexbot_using_subcommand echo" -l app-id -d 'The bot\'s own Facebook app, for webhook echoes, or "any" [env: LEXBOT_APP_ID]' -r -f
complete -c lexbot -n "__fish_lexbot_using_subcommand echo" -l rate -d 'At most R requests per second; 0: no limit [default: 10]' -r -f
complete -c lexbot -n "__fish_lexbot_using_subcommand echo" -s j -l jobs -d 'Maximum number of concurrent requests' -r -f
complete -c lexbot -n "__fish_lexbot_using_subcommand echo" -l journal -d 'Append results to FILE; skip messages it records as accepted or handed over' -r -F
complete -c lexbot -n "__fish_lexbot_using_subcommand echo" -s p -l profile -d 'The profile in the configuration file [env: LEXBOT_PROFILE]' -r -f
complete -c lexbot -n "__fish_lexbot_using_subcommand echo" -l config -d 'The configuration file [env: LEXBOT_CONFIG]' -r -F
complete -c lexbot -n "__fish_lexbot_using_subcommand echo" -l base-url -d 'The API\'s base URL [env: LEXBOT_BASE_URL]' -r -f
complete -c lexbot -n "__fish_lexbot_using_subcommand echo" -l client-id -d 'The client ID, shown beside the token in Lexer [env: LEXBOT_CLIENT_ID]' -r -f
complete -c lexbot -n "__fish_lexbot_using_subcommand echo" -l timeout -d 'How many seconds to wait for a response [default: 30]' -r -f
complete -c lexbot -n "__fish_lexbot_using_subcommand echo" -l retries -d 'How often to try again when there was no final response' -r -f
complete -c lexbot -n "__fish_lexbot_using_subcommand echo" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c lexbot -n "__fish_lexbot_using_subcommand echo" -l no-validate -d 'Send each JSON value as it is, without validation'
complete -c lexbot -n "__fish_lexbot_using_subcommand echo" -l standby -d 'Take webhook events in standby, too: for a bot that only listens there'
complete -c lexbot -n "__fish_lexbot_using_subcommand echo" -l dry-run -d 'Print the bodies that would be sent, one per line, and send nothing'
complete -c lexbot -n "__fish_lexbot_using_subcommand echo" -l curl -d 'Print curl commands that would do the same, and send nothing'
complete -c lexbot -n "__fish_lexbot_using_subcommand echo" -l json -d 'Print each result as JSON, one object per line'
complete -c lexbot -n "__fish_lexbot_using_subcommand echo" -s q -l quiet -d 'Print failures only'
complete -c lexbot -n "__fish_lexbot_using_subcommand echo" -s v -l verbose -d 'Print each request and response on standard error, the token redacted'
complete -c lexbot -n "__fish_lexbot_using_subcommand echo" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c lexbot -n "__fish_lexbot_using_subcommand relay" -s i -l input -d 'Read webhooks from FILE, or from standard input if it is "-"' -r -F
complete -c lexbot -n "__fish_lexbot_using_subcommand relay" -l account-id -d 'The Facebook page of single events and Send API responses [env: LEXBOT_ACCOUNT_ID]' -r -f
complete -c lexbot -n "__fish_lexbot_using_subcommand relay" -l app-id -d 'The bot\'s own Facebook app, for webhook echoes, or "any" [env: LEXBOT_APP_ID]' -r -f
complete -c lexbot -n "__fish_lexbot_using_subcommand relay" -l handed-over -d 'Don\'t claim messages of the customers in FILE: a person has taken over' -r -F
complete -c lexbot -n "__fish_lexbot_using_subcommand relay" -l rate -d 'At most R requests per second; 0: no limit [default: 10]' -r -f
complete -c lexbot -n "__fish_lexbot_using_subcommand relay" -s j -l jobs -d 'Maximum number of concurrent requests' -r -f
complete -c lexbot -n "__fish_lexbot_using_subcommand relay" -l journal -d 'Append results to FILE; skip messages it records as accepted or handed over' -r -F
complete -c lexbot -n "__fish_lexbot_using_subcommand relay" -s p -l profile -d 'The profile in the configuration file [env: LEXBOT_PROFILE]' -r -f
complete -c lexbot -n "__fish_lexbot_using_subcommand relay" -l config -d 'The configuration file [env: LEXBOT_CONFIG]' -r -F
complete -c lexbot -n "__fish_lexbot_using_subcommand relay" -l base-url -d 'The API\'s base URL [env: LEXBOT_BASE_URL]' -r -f
complete -c lexbot -n "__fish_lexbot_using_subcommand relay" -l client-id -d 'The client ID, shown beside the token in Lexer [env: LEXBOT_CLIENT_ID]' -r -f
complete -c lexbot -n "__fish_lexbot_using_subcommand relay" -l timeout -d 'How many seconds to wait for a response [default: 30]' -r -f
complete -c lexbot -n "__fish_lexbot_using_subcommand relay" -l retries -d 'How often to try again when there was no final response' -r -f
complete -c lexbot -n "__fish_lexbot_using_subcommand relay" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c lexbot -n "__fish_lexbot_using_subcommand relay" -l standby -d 'Take webhook events in standby, too: for a bot that only listens there'
complete -c lexbot -n "__fish_lexbot_using_subcommand relay" -l dry-run -d 'Print the bodies that would be sent, one per line, and send nothing'
complete -c lexbot -n "__fish_lexbot_using_subcommand relay" -l curl -d 'Print curl commands that would do the same, and send nothing'
complete -c lexbot -n "__fish_lexbot_using_subcommand relay" -l json -d 'Print each result as JSON, one object per line'
complete -c lexbot -n "__fish_lexbot_using_subcommand relay" -s q -l quiet -d 'Print failures only'
complete -c lexbot -n "__fish_lexbot_using_subcommand relay" -s v -l verbose -d 'Print each request and response on standard error, the token redacted'
complete -c lexbot -n "__fish_lexbot_using_subcommand relay" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c lexbot -n "__fish_lexbot_using_subcommand check" -s p -l profile -d 'The profile in the configuration file [env: LEXBOT_PROFILE]' -r -f
complete -c lexbot -n "__fish_lexbot_using_subcommand check" -l config -d 'The configuration file [env: LEXBOT_CONFIG]' -r -F
complete -c lexbot -n "__fish_lexbot_using_subcommand check" -l base-url -d 'The API\'s base URL [env: LEXBOT_BASE_URL]' -r -f
complete -c lexbot -n "__fish_lexbot_using_subcommand check" -l client-id -d 'The client ID, shown beside the token in Lexer [env: LEXBOT_CLIENT_ID]' -r -f
complete -c lexbot -n "__fish_lexbot_using_subcommand check" -l timeout -d 'How many seconds to wait for a response [default: 30]' -r -f
complete -c lexbot -n "__fish_lexbot_using_subcommand check" -l retries -d 'How often to try again when there was no final response' -r -f
complete -c lexbot -n "__fish_lexbot_using_subcommand check" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c lexbot -n "__fish_lexbot_using_subcommand check" -l json -d 'Print each result as JSON, one object per line'
complete -c lexbot -n "__fish_lexbot_using_subcommand check" -s q -l quiet -d 'Print failures only'
complete -c lexbot -n "__fish_lexbot_using_subcommand check" -s v -l verbose -d 'Print each request and response on standard error, the token redacted'
complete -c lexbot -n "__fish_lexbot_using_subcommand check" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c lexbot -n "__fish_lexbot_using_subcommand config; and not __fish_seen_subcommand_from set-token remove-token set unset show path" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c lexbot -n "__fish_lexbot_using_subcommand config; and not __fish_seen_subcommand_from set-token remove-token set unset show path" -f -a "set-token" -d 'Store the token in a profile; asks for it, or reads it from standard input'
complete -c lexbot -n "__fish_lexbot_using_subcommand config; and not __fish_seen_subcommand_from set-token remove-token set unset show path" -f -a "remove-token" -d 'Remove the token, or the command for it, from a profile'
complete -c lexbot -n "__fish_lexbot_using_subcommand config; and not __fish_seen_subcommand_from set-token remove-token set unset show path" -f -a "set" -d 'Change one setting in the configuration file'
complete -c lexbot -n "__fish_lexbot_using_subcommand config; and not __fish_seen_subcommand_from set-token remove-token set unset show path" -f -a "unset" -d 'Remove one setting from the configuration file'
complete -c lexbot -n "__fish_lexbot_using_subcommand config; and not __fish_seen_subcommand_from set-token remove-token set unset show path" -f -a "show" -d 'Print every setting in use and its source'
complete -c lexbot -n "__fish_lexbot_using_subcommand config; and not __fish_seen_subcommand_from set-token remove-token set unset show path" -f -a "path" -d 'Print the path of the configuration file'
complete -c lexbot -n "__fish_lexbot_using_subcommand config; and __fish_seen_subcommand_from set-token" -s p -l profile -d 'The profile in the configuration file [env: LEXBOT_PROFILE]' -r -f
complete -c lexbot -n "__fish_lexbot_using_subcommand config; and __fish_seen_subcommand_from set-token" -l config -d 'The configuration file [env: LEXBOT_CONFIG]' -r -F
complete -c lexbot -n "__fish_lexbot_using_subcommand config; and __fish_seen_subcommand_from set-token" -l client-id -d 'The client ID, shown beside the token in Lexer' -r -f
complete -c lexbot -n "__fish_lexbot_using_subcommand config; and __fish_seen_subcommand_from set-token" -l account-id -d 'The Facebook page to use if a message names none' -r -f
complete -c lexbot -n "__fish_lexbot_using_subcommand config; and __fish_seen_subcommand_from set-token" -l app-id -d 'The bot\'s Facebook app, for webhook echoes: its App ID in Meta\'s App Dashboard, or "any"' -r -f
complete -c lexbot -n "__fish_lexbot_using_subcommand config; and __fish_seen_subcommand_from set-token" -l base-url -d 'The API\'s base URL' -r -f
complete -c lexbot -n "__fish_lexbot_using_subcommand config; and __fish_seen_subcommand_from set-token" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c lexbot -n "__fish_lexbot_using_subcommand config; and __fish_seen_subcommand_from remove-token" -s p -l profile -d 'The profile in the configuration file [env: LEXBOT_PROFILE]' -r -f
complete -c lexbot -n "__fish_lexbot_using_subcommand config; and __fish_seen_subcommand_from remove-token" -l config -d 'The configuration file [env: LEXBOT_CONFIG]' -r -F
complete -c lexbot -n "__fish_lexbot_using_subcommand config; and __fish_seen_subcommand_from remove-token" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c lexbot -n "__fish_lexbot_using_subcommand config; and __fish_seen_subcommand_from set" -s p -l profile -d 'The profile in the configuration file [env: LEXBOT_PROFILE]' -r -f
complete -c lexbot -n "__fish_lexbot_using_subcommand config; and __fish_seen_subcommand_from set" -l config -d 'The configuration file [env: LEXBOT_CONFIG]' -r -F
complete -c lexbot -n "__fish_lexbot_using_subcommand config; and __fish_seen_subcommand_from set" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c lexbot -n "__fish_lexbot_using_subcommand config; and __fish_seen_subcommand_from unset" -s p -l profile -d 'The profile in the configuration file [env: LEXBOT_PROFILE]' -r -f
complete -c lexbot -n "__fish_lexbot_using_subcommand config; and __fish_seen_subcommand_from unset" -l config -d 'The configuration file [env: LEXBOT_CONFIG]' -r -F
complete -c lexbot -n "__fish_lexbot_using_subcommand config; and __fish_seen_subcommand_from unset" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c lexbot -n "__fish_lexbot_using_subcommand config; and __fish_seen_subcommand_from show" -s p -l profile -d 'The profile in the configuration file [env: LEXBOT_PROFILE]' -r -f
complete -c lexbot -n "__fish_lexbot_using_subcommand config; and __fish_seen_subcommand_from show" -l config -d 'The configuration file [env: LEXBOT_CONFIG]' -r -F
complete -c lexbot -n "__fish_lexbot_using_subcommand config; and __fish_seen_subcommand_from show" -l base-url -d 'The API\'s base URL [env: LEXBOT_BASE_URL]' -r -f
complete -c lexbot -n "__fish_lexbot_using_subcommand config; and __fish_seen_subcommand_from show" -l client-id -d 'The client ID, shown beside the token in Lexer [env: LEXBOT_CLIENT_ID]' -r -f
complete -c lexbot -n "__fish_lexbot_using_subcommand config; and __fish_seen_subcommand_from show" -l timeout -d 'How many seconds to wait for a response [default: 30]' -r -f
complete -c lexbot -n "__fish_lexbot_using_subcommand config; and __fish_seen_subcommand_from show" -l retries -d 'How often to try again when there was no final response' -r -f
complete -c lexbot -n "__fish_lexbot_using_subcommand config; and __fish_seen_subcommand_from show" -l account-id -d 'The page to use if a message names none [env: LEXBOT_ACCOUNT_ID]' -r -f
complete -c lexbot -n "__fish_lexbot_using_subcommand config; and __fish_seen_subcommand_from show" -l app-id -d 'The bot\'s Facebook app [env: LEXBOT_APP_ID]' -r -f
complete -c lexbot -n "__fish_lexbot_using_subcommand config; and __fish_seen_subcommand_from show" -l json -d 'Print a JSON object'
complete -c lexbot -n "__fish_lexbot_using_subcommand config; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c lexbot -n "__fish_lexbot_using_subcommand config; and __fish_seen_subcommand_from path" -s p -l profile -d 'The profile in the configuration file [env: LEXBOT_PROFILE]' -r -f
complete -c lexbot -n "__fish_lexbot_using_subcommand config; and __fish_seen_subcommand_from path" -l config -d 'The configuration file [env: LEXBOT_CONFIG]' -r -F
complete -c lexbot -n "__fish_lexbot_using_subcommand config; and __fish_seen_subcommand_from path" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c lexbot -n "__fish_lexbot_using_subcommand sandbox" -l port -d 'The port to listen on, on 127.0.0.1 [default: a free one]' -r -f
complete -c lexbot -n "__fish_lexbot_using_subcommand sandbox" -l token -d 'The token that clients must send; never a real one' -r -f
complete -c lexbot -n "__fish_lexbot_using_subcommand sandbox" -l client-id -d 'The client ID that it knows' -r -f
complete -c lexbot -n "__fish_lexbot_using_subcommand sandbox" -l account-id -d 'A page that it knows; may be given several times [default: every page]' -r -f
complete -c lexbot -n "__fish_lexbot_using_subcommand sandbox" -l rate -d 'Requests per second before it answers 429; 0: no limit' -r -f
complete -c lexbot -n "__fish_lexbot_using_subcommand sandbox" -l latency -d 'How long it waits before each response, in milliseconds' -r -f
complete -c lexbot -n "__fish_lexbot_using_subcommand sandbox" -l fail -d 'Respond to the next COUNT requests with STATUS [default: to all that follow]' -r -f
complete -c lexbot -n "__fish_lexbot_using_subcommand sandbox" -l drop -d 'Close the connection of the next COUNT requests instead [default: of all that follow]' -r -f
complete -c lexbot -n "__fish_lexbot_using_subcommand sandbox" -l record -d 'Write each request, without the token, and its response to FILE as a line of JSON' -r -F
complete -c lexbot -n "__fish_lexbot_using_subcommand sandbox" -l expect -d 'Fail unless exactly N messages were accepted; claim=N or echo=N counts one action' -r -f
complete -c lexbot -n "__fish_lexbot_using_subcommand sandbox" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c lexbot -n "__fish_lexbot_using_subcommand completions" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c lexbot -n "__fish_lexbot_using_subcommand config; and __fish_seen_subcommand_from set; and not __fish_seen_subcommand_from default_profile client_id account_id app_id base_url rate token_command" -f -a "default_profile client_id account_id app_id base_url rate token_command"
complete -c lexbot -n "__fish_lexbot_using_subcommand config; and __fish_seen_subcommand_from unset; and not __fish_seen_subcommand_from default_profile client_id account_id app_id base_url rate token_command" -f -a "default_profile client_id account_id app_id base_url rate token_command"
complete -c lexbot -n "__fish_lexbot_using_subcommand completions; and not __fish_seen_subcommand_from bash elvish fish powershell zsh" -f -a "bash elvish fish powershell zsh"
