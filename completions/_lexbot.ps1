
using namespace System.Management.Automation
using namespace System.Management.Automation.Language

Register-ArgumentCompleter -Native -CommandName 'lexbot' -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

    $commandElements = $commandAst.CommandElements
    $command = @(
        'lexbot'
        for ($i = 1; $i -lt $commandElements.Count; $i++) {
            $element = $commandElements[$i]
            if ($element -isnot [StringConstantExpressionAst] -or
                $element.StringConstantType -ne [StringConstantType]::BareWord -or
                $element.Value.StartsWith('-') -or
                $element.Value -eq $wordToComplete) {
                break
        }
        $element.Value
    }) -join ';'

    $completions = @(switch ($command) {
        'lexbot' {
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('claim', 'claim', [CompletionResultType]::ParameterValue, 'Claim and close messages the bot is handling')
            [CompletionResult]::new('echo', 'echo', [CompletionResultType]::ParameterValue, 'Mark messages as sent by the bot')
            [CompletionResult]::new('relay', 'relay', [CompletionResultType]::ParameterValue, 'Claim and echo from one stream of webhooks')
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Test token, client ID and base URL without touching any message')
            [CompletionResult]::new('config', 'config', [CompletionResultType]::ParameterValue, 'Store the token, change and show the settings')
            [CompletionResult]::new('sandbox', 'sandbox', [CompletionResultType]::ParameterValue, 'Run a local stand-in for the Lexer API; with -- COMMAND, run COMMAND against it')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Print the completions for a shell')
            break
        }
        'lexbot;claim' {
            [CompletionResult]::new('--object-id', '--object-id', [CompletionResultType]::ParameterName, 'The Messenger message ID, message.mid in a webhook')
            [CompletionResult]::new('--published-at', '--published-at', [CompletionResultType]::ParameterName, 'When it was sent: epoch milliseconds, ISO 8601 with an offset, or "now"')
            [CompletionResult]::new('--account-id', '--account-id', [CompletionResultType]::ParameterName, 'The Facebook page ID [env: LEXBOT_ACCOUNT_ID]')
            [CompletionResult]::new('--source', '--source', [CompletionResultType]::ParameterName, 'Where it comes from [default: facebook]')
            [CompletionResult]::new('-i', '-i', [CompletionResultType]::ParameterName, 'Read messages from FILE, or from standard input if it is "-"')
            [CompletionResult]::new('--input', '--input', [CompletionResultType]::ParameterName, 'Read messages from FILE, or from standard input if it is "-"')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'The message''s new state [default: closed]')
            [CompletionResult]::new('--rate', '--rate', [CompletionResultType]::ParameterName, 'At most R requests per second; 0: no limit [default: 10]')
            [CompletionResult]::new('-j', '-j', [CompletionResultType]::ParameterName, 'Maximum number of concurrent requests')
            [CompletionResult]::new('--jobs', '--jobs', [CompletionResultType]::ParameterName, 'Maximum number of concurrent requests')
            [CompletionResult]::new('--journal', '--journal', [CompletionResultType]::ParameterName, 'Append results to FILE; skip messages it records as accepted or handed over')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'The profile in the configuration file [env: LEXBOT_PROFILE]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile in the configuration file [env: LEXBOT_PROFILE]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The configuration file [env: LEXBOT_CONFIG]')
            [CompletionResult]::new('--base-url', '--base-url', [CompletionResultType]::ParameterName, 'The API''s base URL [env: LEXBOT_BASE_URL]')
            [CompletionResult]::new('--client-id', '--client-id', [CompletionResultType]::ParameterName, 'The client ID, shown beside the token in Lexer [env: LEXBOT_CLIENT_ID]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'How many seconds to wait for a response [default: 30]')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'How often to try again when there was no final response')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--handed-over', '--handed-over', [CompletionResultType]::ParameterName, 'Don''t claim messages of the customers in FILE: a person has taken over')
            [CompletionResult]::new('--no-validate', '--no-validate', [CompletionResultType]::ParameterName, 'Send each JSON value as it is, without validation')
            [CompletionResult]::new('--standby', '--standby', [CompletionResultType]::ParameterName, 'Take webhook events in standby, too: for a bot that only listens there')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Print the bodies that would be sent, one per line, and send nothing')
            [CompletionResult]::new('--curl', '--curl', [CompletionResultType]::ParameterName, 'Print curl commands that would do the same, and send nothing')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print each result as JSON, one object per line')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print failures only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print failures only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print each request and response on standard error, the token redacted')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print each request and response on standard error, the token redacted')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'lexbot;echo' {
            [CompletionResult]::new('--object-id', '--object-id', [CompletionResultType]::ParameterName, 'The Messenger message ID, message.mid in a webhook')
            [CompletionResult]::new('--published-at', '--published-at', [CompletionResultType]::ParameterName, 'When it was sent: epoch milliseconds, ISO 8601 with an offset, or "now"')
            [CompletionResult]::new('--account-id', '--account-id', [CompletionResultType]::ParameterName, 'The Facebook page ID [env: LEXBOT_ACCOUNT_ID]')
            [CompletionResult]::new('--source', '--source', [CompletionResultType]::ParameterName, 'Where it comes from [default: facebook]')
            [CompletionResult]::new('-i', '-i', [CompletionResultType]::ParameterName, 'Read messages from FILE, or from standard input if it is "-"')
            [CompletionResult]::new('--input', '--input', [CompletionResultType]::ParameterName, 'Read messages from FILE, or from standard input if it is "-"')
            [CompletionResult]::new('--app-id', '--app-id', [CompletionResultType]::ParameterName, 'The bot''s own Facebook app, for webhook echoes, or "any" [env: LEXBOT_APP_ID]')
            [CompletionResult]::new('--rate', '--rate', [CompletionResultType]::ParameterName, 'At most R requests per second; 0: no limit [default: 10]')
            [CompletionResult]::new('-j', '-j', [CompletionResultType]::ParameterName, 'Maximum number of concurrent requests')
            [CompletionResult]::new('--jobs', '--jobs', [CompletionResultType]::ParameterName, 'Maximum number of concurrent requests')
            [CompletionResult]::new('--journal', '--journal', [CompletionResultType]::ParameterName, 'Append results to FILE; skip messages it records as accepted or handed over')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'The profile in the configuration file [env: LEXBOT_PROFILE]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile in the configuration file [env: LEXBOT_PROFILE]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The configuration file [env: LEXBOT_CONFIG]')
            [CompletionResult]::new('--base-url', '--base-url', [CompletionResultType]::ParameterName, 'The API''s base URL [env: LEXBOT_BASE_URL]')
            [CompletionResult]::new('--client-id', '--client-id', [CompletionResultType]::ParameterName, 'The client ID, shown beside the token in Lexer [env: LEXBOT_CLIENT_ID]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'How many seconds to wait for a response [default: 30]')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'How often to try again when there was no final response')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--no-validate', '--no-validate', [CompletionResultType]::ParameterName, 'Send each JSON value as it is, without validation')
            [CompletionResult]::new('--standby', '--standby', [CompletionResultType]::ParameterName, 'Take webhook events in standby, too: for a bot that only listens there')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Print the bodies that would be sent, one per line, and send nothing')
            [CompletionResult]::new('--curl', '--curl', [CompletionResultType]::ParameterName, 'Print curl commands that would do the same, and send nothing')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print each result as JSON, one object per line')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print failures only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print failures only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print each request and response on standard error, the token redacted')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print each request and response on standard error, the token redacted')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'lexbot;relay' {
            [CompletionResult]::new('-i', '-i', [CompletionResultType]::ParameterName, 'Read webhooks from FILE, or from standard input if it is "-"')
            [CompletionResult]::new('--input', '--input', [CompletionResultType]::ParameterName, 'Read webhooks from FILE, or from standard input if it is "-"')
            [CompletionResult]::new('--account-id', '--account-id', [CompletionResultType]::ParameterName, 'The Facebook page of single events and Send API responses [env: LEXBOT_ACCOUNT_ID]')
            [CompletionResult]::new('--app-id', '--app-id', [CompletionResultType]::ParameterName, 'The bot''s own Facebook app, for webhook echoes, or "any" [env: LEXBOT_APP_ID]')
            [CompletionResult]::new('--handed-over', '--handed-over', [CompletionResultType]::ParameterName, 'Don''t claim messages of the customers in FILE: a person has taken over')
            [CompletionResult]::new('--rate', '--rate', [CompletionResultType]::ParameterName, 'At most R requests per second; 0: no limit [default: 10]')
            [CompletionResult]::new('-j', '-j', [CompletionResultType]::ParameterName, 'Maximum number of concurrent requests')
            [CompletionResult]::new('--jobs', '--jobs', [CompletionResultType]::ParameterName, 'Maximum number of concurrent requests')
            [CompletionResult]::new('--journal', '--journal', [CompletionResultType]::ParameterName, 'Append results to FILE; skip messages it records as accepted or handed over')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'The profile in the configuration file [env: LEXBOT_PROFILE]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile in the configuration file [env: LEXBOT_PROFILE]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The configuration file [env: LEXBOT_CONFIG]')
            [CompletionResult]::new('--base-url', '--base-url', [CompletionResultType]::ParameterName, 'The API''s base URL [env: LEXBOT_BASE_URL]')
            [CompletionResult]::new('--client-id', '--client-id', [CompletionResultType]::ParameterName, 'The client ID, shown beside the token in Lexer [env: LEXBOT_CLIENT_ID]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'How many seconds to wait for a response [default: 30]')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'How often to try again when there was no final response')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--standby', '--standby', [CompletionResultType]::ParameterName, 'Take webhook events in standby, too: for a bot that only listens there')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Print the bodies that would be sent, one per line, and send nothing')
            [CompletionResult]::new('--curl', '--curl', [CompletionResultType]::ParameterName, 'Print curl commands that would do the same, and send nothing')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print each result as JSON, one object per line')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print failures only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print failures only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print each request and response on standard error, the token redacted')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print each request and response on standard error, the token redacted')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'lexbot;check' {
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'The profile in the configuration file [env: LEXBOT_PROFILE]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile in the configuration file [env: LEXBOT_PROFILE]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The configuration file [env: LEXBOT_CONFIG]')
            [CompletionResult]::new('--base-url', '--base-url', [CompletionResultType]::ParameterName, 'The API''s base URL [env: LEXBOT_BASE_URL]')
            [CompletionResult]::new('--client-id', '--client-id', [CompletionResultType]::ParameterName, 'The client ID, shown beside the token in Lexer [env: LEXBOT_CLIENT_ID]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'How many seconds to wait for a response [default: 30]')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'How often to try again when there was no final response')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print each result as JSON, one object per line')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print failures only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print failures only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print each request and response on standard error, the token redacted')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print each request and response on standard error, the token redacted')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'lexbot;config' {
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('set-token', 'set-token', [CompletionResultType]::ParameterValue, 'Store the token in a profile; asks for it, or reads it from standard input')
            [CompletionResult]::new('remove-token', 'remove-token', [CompletionResultType]::ParameterValue, 'Remove the token, or the command for it, from a profile')
            [CompletionResult]::new('set', 'set', [CompletionResultType]::ParameterValue, 'Change one setting in the configuration file')
            [CompletionResult]::new('unset', 'unset', [CompletionResultType]::ParameterValue, 'Remove one setting from the configuration file')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Print every setting in use and its source')
            [CompletionResult]::new('path', 'path', [CompletionResultType]::ParameterValue, 'Print the path of the configuration file')
            break
        }
        'lexbot;config;set-token' {
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'The profile in the configuration file [env: LEXBOT_PROFILE]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile in the configuration file [env: LEXBOT_PROFILE]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The configuration file [env: LEXBOT_CONFIG]')
            [CompletionResult]::new('--client-id', '--client-id', [CompletionResultType]::ParameterName, 'The client ID, shown beside the token in Lexer')
            [CompletionResult]::new('--account-id', '--account-id', [CompletionResultType]::ParameterName, 'The Facebook page to use if a message names none')
            [CompletionResult]::new('--app-id', '--app-id', [CompletionResultType]::ParameterName, 'The bot''s Facebook app, for webhook echoes: its App ID in Meta''s App Dashboard, or "any"')
            [CompletionResult]::new('--base-url', '--base-url', [CompletionResultType]::ParameterName, 'The API''s base URL')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'lexbot;config;remove-token' {
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'The profile in the configuration file [env: LEXBOT_PROFILE]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile in the configuration file [env: LEXBOT_PROFILE]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The configuration file [env: LEXBOT_CONFIG]')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'lexbot;config;set' {
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'The profile in the configuration file [env: LEXBOT_PROFILE]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile in the configuration file [env: LEXBOT_PROFILE]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The configuration file [env: LEXBOT_CONFIG]')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'lexbot;config;unset' {
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'The profile in the configuration file [env: LEXBOT_PROFILE]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile in the configuration file [env: LEXBOT_PROFILE]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The configuration file [env: LEXBOT_CONFIG]')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'lexbot;config;show' {
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'The profile in the configuration file [env: LEXBOT_PROFILE]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile in the configuration file [env: LEXBOT_PROFILE]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The configuration file [env: LEXBOT_CONFIG]')
            [CompletionResult]::new('--base-url', '--base-url', [CompletionResultType]::ParameterName, 'The API''s base URL [env: LEXBOT_BASE_URL]')
            [CompletionResult]::new('--client-id', '--client-id', [CompletionResultType]::ParameterName, 'The client ID, shown beside the token in Lexer [env: LEXBOT_CLIENT_ID]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'How many seconds to wait for a response [default: 30]')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'How often to try again when there was no final response')
            [CompletionResult]::new('--account-id', '--account-id', [CompletionResultType]::ParameterName, 'The page to use if a message names none [env: LEXBOT_ACCOUNT_ID]')
            [CompletionResult]::new('--app-id', '--app-id', [CompletionResultType]::ParameterName, 'The bot''s Facebook app [env: LEXBOT_APP_ID]')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print a JSON object')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'lexbot;config;path' {
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'The profile in the configuration file [env: LEXBOT_PROFILE]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile in the configuration file [env: LEXBOT_PROFILE]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The configuration file [env: LEXBOT_CONFIG]')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'lexbot;sandbox' {
            [CompletionResult]::new('--port', '--port', [CompletionResultType]::ParameterName, 'The port to listen on, on 127.0.0.1 [default: a free one]')
            [CompletionResult]::new('--token', '--token', [CompletionResultType]::ParameterName, 'The token that clients must send; never a real one')
            [CompletionResult]::new('--client-id', '--client-id', [CompletionResultType]::ParameterName, 'The client ID that it knows')
            [CompletionResult]::new('--account-id', '--account-id', [CompletionResultType]::ParameterName, 'A page that it knows; may be given several times [default: every page]')
            [CompletionResult]::new('--rate', '--rate', [CompletionResultType]::ParameterName, 'Requests per second before it answers 429; 0: no limit')
            [CompletionResult]::new('--latency', '--latency', [CompletionResultType]::ParameterName, 'How long it waits before each response, in milliseconds')
            [CompletionResult]::new('--fail', '--fail', [CompletionResultType]::ParameterName, 'Respond to the next COUNT requests with STATUS [default: to all that follow]')
            [CompletionResult]::new('--drop', '--drop', [CompletionResultType]::ParameterName, 'Close the connection of the next COUNT requests instead [default: of all that follow]')
            [CompletionResult]::new('--record', '--record', [CompletionResultType]::ParameterName, 'Write each request, without the token, and its response to FILE as a line of JSON')
            [CompletionResult]::new('--expect', '--expect', [CompletionResultType]::ParameterName, 'Fail unless exactly N messages were accepted; claim=N or echo=N counts one action')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'lexbot;completions' {
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
    })

    $completions.Where{ $_.CompletionText -like "$wordToComplete*" } |
        Sort-Object -Property ListItemText
}
