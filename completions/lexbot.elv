
use builtin;
use str;

set edit:completion:arg-completer[lexbot] = {|@words|
    fn spaces {|n|
        builtin:repeat $n ' ' | str:join ''
    }
    fn cand {|text desc|
        edit:complex-candidate $text &display=$text' '(spaces (- 14 (wcswidth $text)))$desc
    }
    var command = 'lexbot'
    for word $words[1..-1] {
        if (str:has-prefix $word '-') {
            break
        }
        set command = $command';'$word
    }
    var completions = [
        &'lexbot'= {
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
            cand claim 'Claim and close messages the bot is handling'
            cand echo 'Mark messages as sent by the bot'
            cand relay 'Claim and echo from one stream of webhooks'
            cand check 'Test token, client ID and base URL without touching any message'
            cand config 'Store the token, change and show the settings'
            cand sandbox 'Run a local stand-in for the Lexer API; with -- COMMAND, run COMMAND against it'
            cand completions 'Print the completions for a shell'
        }
        &'lexbot;claim'= {
            cand --object-id 'The Messenger message ID, message.mid in a webhook'
            cand --published-at 'When it was sent: epoch milliseconds, ISO 8601 with an offset, or "now"'
            cand --account-id 'The Facebook page ID [env: LEXBOT_ACCOUNT_ID]'
            cand --source 'Where it comes from [default: facebook]'
            cand -i 'Read messages from FILE, or from standard input if it is "-"'
            cand --input 'Read messages from FILE, or from standard input if it is "-"'
            cand --state 'The message''s new state [default: closed]'
            cand --rate 'At most R requests per second; 0: no limit [default: 10]'
            cand -j 'Maximum number of concurrent requests'
            cand --jobs 'Maximum number of concurrent requests'
            cand --journal 'Append results to FILE; skip messages it records as accepted or handed over'
            cand -p 'The profile in the configuration file [env: LEXBOT_PROFILE]'
            cand --profile 'The profile in the configuration file [env: LEXBOT_PROFILE]'
            cand --config 'The configuration file [env: LEXBOT_CONFIG]'
            cand --base-url 'The API''s base URL [env: LEXBOT_BASE_URL]'
            cand --client-id 'The client ID, shown beside the token in Lexer [env: LEXBOT_CLIENT_ID]'
            cand --timeout 'How many seconds to wait for a response [default: 30]'
            cand --retries 'How often to try again when there was no final response'
            cand --color 'When to use colour'
            cand --handed-over 'Don''t claim messages of the customers in FILE: a person has taken over'
            cand --no-validate 'Send each JSON value as it is, without validation'
            cand --standby 'Take webhook events in standby, too: for a bot that only listens there'
            cand --dry-run 'Print the bodies that would be sent, one per line, and send nothing'
            cand --curl 'Print curl commands that would do the same, and send nothing'
            cand --json 'Print each result as JSON, one object per line'
            cand -q 'Print failures only'
            cand --quiet 'Print failures only'
            cand -v 'Print each request and response on standard error, the token redacted'
            cand --verbose 'Print each request and response on standard error, the token redacted'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'lexbot;echo'= {
            cand --object-id 'The Messenger message ID, message.mid in a webhook'
            cand --published-at 'When it was sent: epoch milliseconds, ISO 8601 with an offset, or "now"'
            cand --account-id 'The Facebook page ID [env: LEXBOT_ACCOUNT_ID]'
            cand --source 'Where it comes from [default: facebook]'
            cand -i 'Read messages from FILE, or from standard input if it is "-"'
            cand --input 'Read messages from FILE, or from standard input if it is "-"'
            cand --app-id 'The bot''s own Facebook app, for webhook echoes, or "any" [env: LEXBOT_APP_ID]'
            cand --rate 'At most R requests per second; 0: no limit [default: 10]'
            cand -j 'Maximum number of concurrent requests'
            cand --jobs 'Maximum number of concurrent requests'
            cand --journal 'Append results to FILE; skip messages it records as accepted or handed over'
            cand -p 'The profile in the configuration file [env: LEXBOT_PROFILE]'
            cand --profile 'The profile in the configuration file [env: LEXBOT_PROFILE]'
            cand --config 'The configuration file [env: LEXBOT_CONFIG]'
            cand --base-url 'The API''s base URL [env: LEXBOT_BASE_URL]'
            cand --client-id 'The client ID, shown beside the token in Lexer [env: LEXBOT_CLIENT_ID]'
            cand --timeout 'How many seconds to wait for a response [default: 30]'
            cand --retries 'How often to try again when there was no final response'
            cand --color 'When to use colour'
            cand --no-validate 'Send each JSON value as it is, without validation'
            cand --standby 'Take webhook events in standby, too: for a bot that only listens there'
            cand --dry-run 'Print the bodies that would be sent, one per line, and send nothing'
            cand --curl 'Print curl commands that would do the same, and send nothing'
            cand --json 'Print each result as JSON, one object per line'
            cand -q 'Print failures only'
            cand --quiet 'Print failures only'
            cand -v 'Print each request and response on standard error, the token redacted'
            cand --verbose 'Print each request and response on standard error, the token redacted'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'lexbot;relay'= {
            cand -i 'Read webhooks from FILE, or from standard input if it is "-"'
            cand --input 'Read webhooks from FILE, or from standard input if it is "-"'
            cand --account-id 'The Facebook page of single events and Send API responses [env: LEXBOT_ACCOUNT_ID]'
            cand --app-id 'The bot''s own Facebook app, for webhook echoes, or "any" [env: LEXBOT_APP_ID]'
            cand --handed-over 'Don''t claim messages of the customers in FILE: a person has taken over'
            cand --rate 'At most R requests per second; 0: no limit [default: 10]'
            cand -j 'Maximum number of concurrent requests'
            cand --jobs 'Maximum number of concurrent requests'
            cand --journal 'Append results to FILE; skip messages it records as accepted or handed over'
            cand -p 'The profile in the configuration file [env: LEXBOT_PROFILE]'
            cand --profile 'The profile in the configuration file [env: LEXBOT_PROFILE]'
            cand --config 'The configuration file [env: LEXBOT_CONFIG]'
            cand --base-url 'The API''s base URL [env: LEXBOT_BASE_URL]'
            cand --client-id 'The client ID, shown beside the token in Lexer [env: LEXBOT_CLIENT_ID]'
            cand --timeout 'How many seconds to wait for a response [default: 30]'
            cand --retries 'How often to try again when there was no final response'
            cand --color 'When to use colour'
            cand --standby 'Take webhook events in standby, too: for a bot that only listens there'
            cand --dry-run 'Print the bodies that would be sent, one per line, and send nothing'
            cand --curl 'Print curl commands that would do the same, and send nothing'
            cand --json 'Print each result as JSON, one object per line'
            cand -q 'Print failures only'
            cand --quiet 'Print failures only'
            cand -v 'Print each request and response on standard error, the token redacted'
            cand --verbose 'Print each request and response on standard error, the token redacted'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'lexbot;check'= {
            cand -p 'The profile in the configuration file [env: LEXBOT_PROFILE]'
            cand --profile 'The profile in the configuration file [env: LEXBOT_PROFILE]'
            cand --config 'The configuration file [env: LEXBOT_CONFIG]'
            cand --base-url 'The API''s base URL [env: LEXBOT_BASE_URL]'
            cand --client-id 'The client ID, shown beside the token in Lexer [env: LEXBOT_CLIENT_ID]'
            cand --timeout 'How many seconds to wait for a response [default: 30]'
            cand --retries 'How often to try again when there was no final response'
            cand --color 'When to use colour'
            cand --json 'Print each result as JSON, one object per line'
            cand -q 'Print failures only'
            cand --quiet 'Print failures only'
            cand -v 'Print each request and response on standard error, the token redacted'
            cand --verbose 'Print each request and response on standard error, the token redacted'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'lexbot;config'= {
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand set-token 'Store the token in a profile; asks for it, or reads it from standard input'
            cand remove-token 'Remove the token, or the command for it, from a profile'
            cand set 'Change one setting in the configuration file'
            cand unset 'Remove one setting from the configuration file'
            cand show 'Print every setting in use and its source'
            cand path 'Print the path of the configuration file'
        }
        &'lexbot;config;set-token'= {
            cand -p 'The profile in the configuration file [env: LEXBOT_PROFILE]'
            cand --profile 'The profile in the configuration file [env: LEXBOT_PROFILE]'
            cand --config 'The configuration file [env: LEXBOT_CONFIG]'
            cand --client-id 'The client ID, shown beside the token in Lexer'
            cand --account-id 'The Facebook page to use if a message names none'
            cand --app-id 'The bot''s Facebook app, for webhook echoes: its App ID in Meta''s App Dashboard, or "any"'
            cand --base-url 'The API''s base URL'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'lexbot;config;remove-token'= {
            cand -p 'The profile in the configuration file [env: LEXBOT_PROFILE]'
            cand --profile 'The profile in the configuration file [env: LEXBOT_PROFILE]'
            cand --config 'The configuration file [env: LEXBOT_CONFIG]'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'lexbot;config;set'= {
            cand -p 'The profile in the configuration file [env: LEXBOT_PROFILE]'
            cand --profile 'The profile in the configuration file [env: LEXBOT_PROFILE]'
            cand --config 'The configuration file [env: LEXBOT_CONFIG]'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'lexbot;config;unset'= {
            cand -p 'The profile in the configuration file [env: LEXBOT_PROFILE]'
            cand --profile 'The profile in the configuration file [env: LEXBOT_PROFILE]'
            cand --config 'The configuration file [env: LEXBOT_CONFIG]'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'lexbot;config;show'= {
            cand -p 'The profile in the configuration file [env: LEXBOT_PROFILE]'
            cand --profile 'The profile in the configuration file [env: LEXBOT_PROFILE]'
            cand --config 'The configuration file [env: LEXBOT_CONFIG]'
            cand --base-url 'The API''s base URL [env: LEXBOT_BASE_URL]'
            cand --client-id 'The client ID, shown beside the token in Lexer [env: LEXBOT_CLIENT_ID]'
            cand --timeout 'How many seconds to wait for a response [default: 30]'
            cand --retries 'How often to try again when there was no final response'
            cand --account-id 'The page to use if a message names none [env: LEXBOT_ACCOUNT_ID]'
            cand --app-id 'The bot''s Facebook app [env: LEXBOT_APP_ID]'
            cand --json 'Print a JSON object'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'lexbot;config;path'= {
            cand -p 'The profile in the configuration file [env: LEXBOT_PROFILE]'
            cand --profile 'The profile in the configuration file [env: LEXBOT_PROFILE]'
            cand --config 'The configuration file [env: LEXBOT_CONFIG]'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'lexbot;sandbox'= {
            cand --port 'The port to listen on, on 127.0.0.1 [default: a free one]'
            cand --token 'The token that clients must send; never a real one'
            cand --client-id 'The client ID that it knows'
            cand --account-id 'A page that it knows; may be given several times [default: every page]'
            cand --rate 'Requests per second before it answers 429; 0: no limit'
            cand --latency 'How long it waits before each response, in milliseconds'
            cand --fail 'Respond to the next COUNT requests with STATUS [default: to all that follow]'
            cand --drop 'Close the connection of the next COUNT requests instead [default: of all that follow]'
            cand --record 'Write each request, without the token, and its response to FILE as a line of JSON'
            cand --expect 'Fail unless exactly N messages were accepted; claim=N or echo=N counts one action'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'lexbot;completions'= {
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
    ]
    $completions[$command]
}
